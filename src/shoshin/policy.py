"""The registry of every route: who may open it, by which relation to a client, and which shelf it shows.

A route without a row opens for nobody. Relations are defined once, in `care/queries`; the line that tells a client
who reads an answer is made from the rows whose shelf is `answers`.
"""

from shoshin.kit.policy import ANYONE, DEMO, FACTOR, LEAD, LINK, MEMBER, OWNER, PAGE, PROOF, SIGNED_IN, Row

PAGE_AND_POST = ("GET", "POST")
OWN = ("own",)
OWN_AND_COVER = ("own", "cover")  # what a colleague needs while covering an absence, and no more
OR_TOLD = (*OWN_AND_COVER, "told")  # whom the risk ladder has told of an alert: that alert, until it is closed
IN_EMERGENCY = ("break_glass",)

ACCOUNT = (
    {
        name: Row(ANYONE)
        for name in ("account_inactive", "account_reset_password_done", "account_reset_password_from_key_done")
    }
    | {
        name: Row(ANYONE, methods=PAGE_AND_POST)
        for name in (
            "account_login",
            "account_logout",
            "account_signup",
            "account_reset_password",
            "account_reset_password_from_key",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "set_language",
        )
    }
    | {name: Row(SIGNED_IN) for name in ("mfa_index", "mfa_list_webauthn", "mfa_view_recovery_codes")}
    | {
        name: Row(SIGNED_IN, methods=PAGE_AND_POST)
        for name in (
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
        )
    }
)

PEOPLE = {
    "people:first_run": Row(ANYONE, methods=PAGE_AND_POST),
    "people:enter_demo": Row(DEMO, methods=PAGE_AND_POST),
    "people:no_clinic": Row(SIGNED_IN),
    "people:safety": Row(ANYONE),
    "people:confirm_safety": Row(OWNER, methods=PAGE_AND_POST),
    "people:list_members": Row(OWNER),
    "people:invite_member": Row(OWNER, methods=PAGE_AND_POST, fresh=PROOF),
    "people:revoke_invitation": Row(OWNER, methods=("POST",)),
    "people:ask_factor_reset": Row(LEAD, methods=PAGE_AND_POST, fresh=FACTOR),
    "people:confirm_factor_reset": Row(LEAD, methods=PAGE_AND_POST, fresh=FACTOR),
    "people:withdraw_factor_reset": Row(LEAD, methods=("POST",)),
    "people:join_clinic": Row(ANYONE, methods=PAGE_AND_POST),
    "people:switch_membership": Row(MEMBER, methods=PAGE_AND_POST),
    "people:set_up_factor": Row(SIGNED_IN),
    "people:list_sessions": Row(SIGNED_IN, methods=PAGE_AND_POST),
    "people:kept_words": Row(MEMBER, methods=PAGE_AND_POST),
}

MEASURES = {
    "measures:list_measures": Row(MEMBER),
    "measures:measure": Row(MEMBER),
    "measures:export_measure": Row(MEMBER),
    "measures:import_measure": Row(OWNER, methods=PAGE_AND_POST),
    "measures:confirm_licence": Row(OWNER, methods=PAGE_AND_POST),
}

CARE = {
    "care:list_clients": Row(MEMBER, OWN_AND_COVER, "clients"),
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
    "care:ask_to_record": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:withdraw_recording": Row(MEMBER, OWN, "clients", ("POST",)),
    "care:write_summary": Row(MEMBER, OWN, "notes", PAGE_AND_POST),
    "care:close_consultation": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:record_disclosure": Row(MEMBER, OWN, "notes", PAGE_AND_POST),
    "care:who_looked": Row(MEMBER, OWN, "clients"),
    "care:open_break_glass": Row(LEAD, (), "clients", PAGE_AND_POST, fresh=FACTOR),
    "care:review_break_glass": Row(LEAD, (), "clients", PAGE_AND_POST),
    "care:make_page_key": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "care:cover": Row(MEMBER),
    "care:set_reading_hours": Row(MEMBER, methods=PAGE_AND_POST),
    "care:enter_absence": Row(MEMBER, methods=PAGE_AND_POST),
    "care:ask_cover": Row(MEMBER, methods=PAGE_AND_POST),
    "care:write_handover": Row(MEMBER, methods=PAGE_AND_POST),
    "care:cancel_absence": Row(MEMBER, methods=("POST",)),
    "care:answer_cover": Row(MEMBER),
    "care:accept_cover": Row(MEMBER, methods=("POST",)),
    "care:decline_cover": Row(MEMBER, methods=("POST",)),
    "care:name_duty": Row(OWNER, methods=PAGE_AND_POST),
    "care:end_duty": Row(OWNER, methods=("POST",)),
}

# Practice is the person's own: no relation opens it to anybody else.
PRACTICE = {
    "practice:show_practice": Row(MEMBER),
    "practice:show_skill": Row(MEMBER),
    "practice:show_exercise": Row(MEMBER),
    "practice:start_round": Row(MEMBER, methods=("POST",)),
    "practice:flag_statement": Row(MEMBER, methods=PAGE_AND_POST),
    "practice:round": Row(MEMBER),
    "practice:record_attempt": Row(MEMBER, methods=("POST",)),
    "practice:choose_level": Row(MEMBER, methods=("POST",)),
    "practice:stop_round": Row(MEMBER, methods=("POST",)),
    "practice:list_attempts": Row(MEMBER),
    "practice:rate_attempt": Row(MEMBER, methods=("POST",)),
    "practice:record_reaction": Row(MEMBER, methods=("POST",)),
    "practice:keep_mistake": Row(MEMBER, methods=("POST",)),
    "practice:start_recording": Row(MEMBER, shelf="formative", methods=("POST",)),
    "practice:list_recordings": Row(MEMBER, shelf="formative"),
    "practice:withdraw_recordings": Row(MEMBER, shelf="formative", methods=("POST",)),
    "practice:recording": Row(MEMBER, shelf="formative"),
    "practice:send_recording_part": Row(MEMBER, shelf="formative", methods=("POST",)),
    "practice:finish_recording": Row(MEMBER, shelf="formative", methods=("POST",)),
    "practice:keep_recording": Row(MEMBER, shelf="formative", methods=("POST",)),
    "practice:remove_recording": Row(MEMBER, shelf="formative", methods=("POST",)),
    "practice:choose_goal": Row(MEMBER, methods=PAGE_AND_POST),
    "practice:rest_goal": Row(MEMBER, methods=("POST",)),
    "practice:plan_week": Row(MEMBER, methods=PAGE_AND_POST),
    "practice:stop_reminders": Row(MEMBER, methods=("POST",)),
    "practice:log_minutes": Row(MEMBER, methods=PAGE_AND_POST),
    "practice:list_packs": Row(MEMBER),
    "practice:install_pack": Row(OWNER, methods=PAGE_AND_POST),
    "practice:remove_pack": Row(OWNER, methods=("POST",)),
    "practice:sort_statement": Row(MEMBER, methods=PAGE_AND_POST),
    "practice:list_flags": Row(LEAD),
    "practice:settle_flags": Row(LEAD, methods=("POST",)),
}

# A person's own well-being: each page shows the rows of whoever asks, or one thing somebody chose to show them. Leading
# or owning the clinic opens none of it, and no relation to a client does.
WELFARE = {
    "welfare:show_welfare": Row(MEMBER, shelf="formative"),
    "welfare:check_capacity": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:forget_check": Row(MEMBER, shelf="formative", methods=("POST",)),
    "welfare:share_check": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:ease_off": Row(MEMBER, shelf="formative", methods=("POST",)),
    "welfare:stop_easing_off": Row(MEMBER, shelf="formative", methods=("POST",)),
    "welfare:take_pause": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:mark_lines": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:name_trusted_person": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:forget_trusted_person": Row(MEMBER, shelf="formative", methods=("POST",)),
    "welfare:write_note": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:note": Row(MEMBER, shelf="formative"),
    "welfare:keep_note": Row(MEMBER, shelf="formative", methods=("POST",)),
    "welfare:forget_note": Row(MEMBER, shelf="formative", methods=("POST",)),
    "welfare:share_note": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:shown_item": Row(MEMBER, shelf="formative"),
    "welfare:stop_sharing": Row(MEMBER, shelf="formative", methods=("POST",)),
    "welfare:list_own_measures": Row(MEMBER, shelf="formative"),
    "welfare:fill_own_measure": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST),
    "welfare:export_welfare": Row(MEMBER, shelf="formative", fresh=PROOF),
    "welfare:delete_welfare": Row(MEMBER, shelf="formative", methods=PAGE_AND_POST, fresh=PROOF),
}

FEEDBACK = {
    "feedback:send_measure": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:answer_here": Row(MEMBER, OWN, "clients", ("POST",)),
    "feedback:enter_paper": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "feedback:correct_response": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "feedback:response": Row(MEMBER, OWN_AND_COVER, "answers"),
    "feedback:read_response": Row(MEMBER, OWN_AND_COVER, "answers", ("POST",)),
    "feedback:answer_signal": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "feedback:acknowledge_alert": Row(MEMBER, OR_TOLD, "alerts", PAGE_AND_POST),
    "feedback:close_alert": Row(MEMBER, OR_TOLD, "alerts", ("POST",)),
    "feedback:schedule_measures": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:record_change": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:end_course": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "feedback:end_membership": Row(OWNER, methods=PAGE_AND_POST, fresh=PROOF),
    "feedback:hand_over_clients": Row(OWNER, methods=PAGE_AND_POST, fresh=PROOF),
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

# An episode is its author's own. The relation decides only whether its client may be named beside it.
GROWTH = {
    "growth:show_growth": Row(MEMBER, OWN, "answers"),
    "growth:begin_episode": Row(MEMBER, OWN, "answers", PAGE_AND_POST),
    "growth:meet_differently": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "growth:show_episode": Row(MEMBER, OWN, "answers"),
    "growth:note_back_in_room": Row(MEMBER, OWN, "clients", ("POST",)),
    "growth:link_note": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
    "growth:list_client_recordings": Row(MEMBER, OWN, "recordings"),
    "growth:show_client_recording": Row(MEMBER, OWN, "recordings"),
    "growth:client_recording": Row(MEMBER, OWN, "recordings"),
    "growth:start_client_recording": Row(MEMBER, OWN, "recordings", ("POST",)),
    "growth:send_client_recording_part": Row(MEMBER, OWN, "recordings", ("POST",)),
    "growth:finish_client_recording": Row(MEMBER, OWN, "recordings", ("POST",)),
    "growth:remove_client_recording": Row(MEMBER, OWN, "recordings", ("POST",)),
    "growth:review_week": Row(MEMBER, OWN, "answers"),
    "growth:decide_review": Row(MEMBER, OWN, "clients", ("POST",)),
}

# What is shown to whom. Each query starts from the asking person, and no relation to a client opens any of it.
COMMUNITY = (
    {f"community:{name}": Row(MEMBER) for name in ("show_community", "circle", "spread", "shown_recording", "coaching")}
    | {
        f"community:{name}": Row(MEMBER, methods=PAGE_AND_POST)
        for name in ("make_circle", "show_attempt", "review_attempt", "ask_coach", "mark_leave")
    }
    | {
        f"community:{name}": Row(MEMBER, methods=("POST",))
        for name in (
            "invite_to_circle",
            "leave_circle",
            "join_circle",
            "refuse_circle",
            "open_views",
            "take_back",
            "accept_coaching",
            "decline_coaching",
            "end_coaching",
            "say_how",
            "forget_leave",
            "tell_gently",
            "untell_gently",
            "agree_gently",
            "revoke_gently",
        )
    }
)

# Therapist effects. A person's own figures are found from that person alone; a lead finds a share, and nobody in it.
RESEARCH = {
    "research:own_results": Row(MEMBER),
    "research:show_results": Row(MEMBER, methods=("POST",)),
    "research:shown_results": Row(MEMBER),
    "research:take_back_results": Row(MEMBER, methods=("POST",)),
    "research:clinic_results": Row(LEAD),
}

DESK = {
    "desk:today": Row(MEMBER, OR_TOLD, "answers"),
    "desk:client": Row(MEMBER, OWN_AND_COVER, "answers"),
    "desk:line_picture": Row(MEMBER, OWN_AND_COVER, "answers"),
    "desk:look_in_emergency": Row(LEAD, IN_EMERGENCY, "answers"),
    "desk:glance": Row(MEMBER, OWN, "answers"),
    "desk:summary_sheet": Row(MEMBER, OWN, "notes"),
    "desk:show_client_page": Row(MEMBER, OWN, "answers"),
    "desk:export_client": Row(MEMBER, OWN, "answers", fresh=PROOF),
    "desk:my_data": Row(MEMBER, shelf="formative"),
    "desk:export_own": Row(MEMBER, OWN, "answers", fresh=PROOF),
    "desk:delete_client": Row(MEMBER, OWN, "clients", PAGE_AND_POST),
}

POLICY = ACCOUNT | PEOPLE | MEASURES | CARE | WELFARE | PRACTICE | FEEDBACK | GROWTH | COMMUNITY | RESEARCH | DESK
