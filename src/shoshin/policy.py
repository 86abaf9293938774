"""The registry of every route: who may open it, by which relation to a client, and which shelf it shows.

A route without a row opens for nobody. Relations are defined once, in `care/queries`; the line that tells a client
who reads an answer is made from the rows whose shelf is `answers`.
"""

from shoshin.kit.policy import ANYONE, DEMO, LINK, MEMBER, OWNER, PAGE, SIGNED_IN, Row

PAGE_AND_POST = ("GET", "POST")
OWN = ("own",)

ACCOUNT = {
    name: Row(ANYONE, methods=PAGE_AND_POST)
    for name in (
        "account_login",
        "account_logout",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "set_language",
    )
} | {
    name: Row(SIGNED_IN, methods=PAGE_AND_POST)
    for name in ("account_change_password", "account_set_password", "account_reauthenticate")
}

PEOPLE = {
    "people:first_run": Row(ANYONE, methods=PAGE_AND_POST),
    "people:enter_demo": Row(DEMO, methods=PAGE_AND_POST),
    "people:no_clinic": Row(SIGNED_IN),
    "people:safety": Row(ANYONE),
    "people:confirm_safety": Row(OWNER, methods=PAGE_AND_POST),
}

MEASURES = {
    "measures:list_measures": Row(MEMBER),
    "measures:measure": Row(MEMBER),
    "measures:export_measure": Row(MEMBER),
    "measures:import_measure": Row(OWNER, methods=PAGE_AND_POST),
    "measures:confirm_licence": Row(OWNER, methods=PAGE_AND_POST),
}

CARE = {
    "care:list_clients": Row(MEMBER, OWN, "clients"),
    "care:add_client": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:open_course": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:add_appointments": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:move_appointment": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:cancel_appointment": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:keep_appointment": Row(MEMBER, OWN, "clients", ("POST",)),
    "care:miss_appointment": Row(MEMBER, OWN, "clients", ("POST",)),
    "care:record_choices": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:note_strength": Row(MEMBER, OWN, "clients", ("POST",)),
    "care:retire_strength": Row(MEMBER, OWN, "clients", ("POST",)),
    "care:write_summary": Row(MEMBER, OWN, "notes", PAGE_AND_POST),
    "care:close_consultation": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:make_page_key": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
}

FEEDBACK = {
    "feedback:send_measure": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:answer_here": Row(MEMBER, OWN, "clients", ("POST",)),
    "feedback:enter_paper": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "feedback:correct_response": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "feedback:response": Row(MEMBER, OWN, "answers"),
    "feedback:read_response": Row(MEMBER, OWN, "answers", ("POST",)),
    "feedback:answer_signal": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "feedback:acknowledge_alert": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "feedback:schedule_measures": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:record_change": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:end_course": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:import_outcomes": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:imported": Row(MEMBER, OWN, "answers"),
    "feedback:take_back_import": Row(MEMBER, OWN, "answers", ("POST",)),
    "feedback:start_form": Row(ANYONE, methods=PAGE_AND_POST),
    "feedback:form": Row(LINK, methods=PAGE_AND_POST),
    "feedback:save_draft": Row(LINK, methods=("POST",)),
    "feedback:decline_form": Row(LINK, methods=("POST",)),
    "feedback:form_received": Row(LINK),
    "feedback:open_client_page": Row(ANYONE, methods=PAGE_AND_POST),
    "feedback:client_page": Row(PAGE, methods=PAGE_AND_POST),
    "feedback:leave_client_page": Row(PAGE, methods=("POST",)),
}

DESK = {
    "desk:today": Row(MEMBER, OWN, "answers"),
    "desk:client": Row(MEMBER, OWN, "answers"),
    "desk:glance": Row(MEMBER, OWN, "answers"),
    "desk:summary_sheet": Row(MEMBER, OWN, "notes"),
    "desk:show_client_page": Row(MEMBER, OWN, "answers"),
    "desk:export_client": Row(MEMBER, OWN, "answers"),
    "desk:delete_client": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
}

POLICY = ACCOUNT | PEOPLE | MEASURES | CARE | FEEDBACK | DESK
