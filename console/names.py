"""What the console calls labels, outcomes and channels: in words, as the front desk says it."""

LABELS = {
    "faq/what_are_milia": "What milia are",
    "faq/milia_vs_acne": "Milia or acne",
    "faq/are_milia_harmful": "Are they harmful",
    "faq/are_milia_painful": "Are they painful",
    "faq/causes": "Causes",
    "faq/cause_genetics": "Cause: family",
    "faq/cause_sun": "Cause: sun",
    "faq/cause_steroids": "Cause: steroids",
    "faq/cause_autoimmune": "Cause: autoimmune",
    "faq/where_they_appear": "Where they appear",
    "faq/need_removal": "Must they be removed",
    "faq/can_i_pop": "Can I pop them",
    "faq/how_removed": "How they are removed",
    "faq/how_to_get_rid": "How to get rid of them",
    "faq/prevention": "Prevention",
    "faq/retinol_use": "Using retinol",
    "faq/retinol_eye_area": "Retinol near the eyes",
    "faq/clinic_treats_milia": "Does the clinic treat them",
    "uncovered/cost_insurance": "Cost and insurance",
    "uncovered/procedure_experience": "What removal is like",
    "uncovered/babies_children": "Babies and children",
    "uncovered/contagious": "Are they contagious",
    "uncovered/go_away_on_own": "Do they go away",
    "uncovered/products_home_remedies": "Products and home remedies",
    "uncovered/other_causes": "Other causes",
    "uncovered/symptoms": "Symptoms",
    "uncovered/pregnancy_medication": "Pregnancy and medication",
    "uncovered/other_condition": "Another condition",
    "uncovered/clinic_logistics": "Address, hours, parking",
    "safety/emergency": "Emergency",
    "safety/infection_or_injury": "Infection or injury",
    "safety/changing_lesion": "Changing spot",
    "safety/self_harm": "Self-harm",
    "ask_diagnosis": "Asks for a diagnosis",
    "request_appointment": "Wants an appointment",
    "reschedule_appointment": "Wants to move an appointment",
    "cancel_appointment": "Wants to cancel",
    "appointment_status": "Asks about their request",
    "talk_to_human": "Wants a person",
    "delete_my_data": "Wants their data deleted",
    "privacy_question": "Asks about privacy",
    "greet": "Greeting",
    "goodbye": "Goodbye",
    "thanks": "Thanks",
    "bot_challenge": "Are you a bot",
    "help": "Help",
    "affirm": "Yes",
    "deny": "No",
    "stop": "Stop",
    "start_over": "Start over",
    "feedback_negative": "Is unhappy",
    "inform": "Gives details",
    "out_of_scope": "Off topic",
}
OUTCOMES = {
    "answered": "Answered",
    "uncovered": "Not covered",
    "clarified": "Asked back",
    "fallback": "Not understood",
    "safety": "Safety",
    "transaction": "Request or message",
    "conversation": "Small talk",
    "failed": "Failed",
}
CHANNELS = {"web": "Website", "sms": "Text message"}
LANGUAGES = {"en": "English", "es": "Spanish", "other": "Other language"}


def label_name(label: str) -> str:
    """The label in words; a label that is new to the console is shown as it is."""
    return LABELS.get(label, label)


def outcome_name(outcome: str) -> str:
    """The outcome in words."""
    return OUTCOMES.get(outcome, outcome)


def channel_name(channel: str) -> str:
    """The channel in words."""
    return CHANNELS.get(channel, channel)


def language_name(language: str) -> str:
    """The language in words."""
    return LANGUAGES.get(language, language)
