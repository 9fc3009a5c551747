from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "webapp.accounts"
    # allauth's own app of addresses and sign-in is called "account".
    label = "accounts"

    def ready(self) -> None:
        from webapp.accounts import signals  # noqa: F401 - connects them
