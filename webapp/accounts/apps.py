from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "webapp.accounts"
    # allauth's own app of addresses and sign-in is called "account".
    label = "accounts"

    def ready(self) -> None:
        from webapp.accounts import signals  # noqa: F401 - connects them

        # Each app says for itself what of it is exported, and what becomes of it when somebody leaves.
        autodiscover_modules("exporting", "leaving")
