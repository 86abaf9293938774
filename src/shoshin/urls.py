"""Every address of the site. Each name has its row in policy.py."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path
from django.views.i18n import set_language

from shoshin.people.views import factors

handler400 = "shoshin.kit.outage.refused_page"
handler500 = "shoshin.kit.outage.fault_page"

urlpatterns = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path("accounts/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/factors/", mfa.index, name="mfa_index"),
    path("accounts/factors/ask/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/factors/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/factors/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/factors/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/factors/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/factors/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/factors/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("accounts/factors/passkeys/new/", factors.add_passkey, name="mfa_add_webauthn"),
    path("accounts/factors/passkeys/enter/", factors.enter_with_passkey, name="mfa_login_webauthn"),
    path("accounts/factors/passkeys/again/", factors.prove_passkey, name="mfa_reauthenticate_webauthn"),
    path("accounts/factors/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("accounts/factors/passkeys/<int:pk>/off/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("language/", set_language, name="set_language"),
    path("", include("shoshin.people.urls")),
    path("measures/", include("shoshin.measures.urls")),
    path("", include("shoshin.care.urls")),
    path("practice/", include("shoshin.practice.urls")),
    path("", include("shoshin.welfare.urls")),
    path("", include("shoshin.feedback.urls")),
    path("growth/results/", include("shoshin.research.urls")),
    path("growth/", include("shoshin.growth.urls")),
    path("circle/", include("shoshin.community.urls")),
    path("", include("shoshin.desk.urls")),
]
