"""Which safety label is the most urgent; the first one comes first wherever there are several."""

SAFETY_PREFIX = "safety/"
ORDER_OF_URGENCY = (
    "safety/emergency",
    "safety/self_harm",
    "safety/infection_or_injury",
    "safety/changing_lesion",
)
