"""The small model of the other tests with a form in it.

`python -m tests.deploy.form_model PATH` trains it.
"""

import sys
from pathlib import Path
from typing import Any

from tests.channels import stub_model

DOMAIN = f"""{stub_model.DOMAIN.partition("actions:")[0]}
  confirmation: {{type: any, influence_conversation: false, mappings: [{{type: custom}}]}}
forms:
  appointment_form: {{required_slots: [contact_name, confirmation]}}
actions: [action_answer, action_ask_contact_name, action_ask_confirmation, validate_appointment_form]
"""
FORM = "appointment_form"
BEGIN: dict[str, Any] = {
    "rule": "begin",
    "steps": [{"intent": "request_appointment"}, {"action": FORM}, {"active_loop": FORM}],
}
END: dict[str, Any] = {
    "rule": "end",
    "condition": [{"active_loop": FORM}],
    "steps": [{"action": FORM}, {"active_loop": None}, {"action": "action_answer"}],
}
OTHERS = [rule for rule in stub_model.RULES if rule["rule"] != "request_appointment"]

if __name__ == "__main__":
    stub_model.train(Path(sys.argv[1]), DOMAIN, [*OTHERS, BEGIN, END])
