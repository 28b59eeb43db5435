"""The console's pages: typed view models in, HTML out. No database, no decision."""

from takeback.web.console.catalogue import LOCALES, translations
from takeback.web.console.console import CONTENT_SECURITY_POLICY, STATIC, asset, render

__all__ = ["CONTENT_SECURITY_POLICY", "LOCALES", "STATIC", "asset", "render", "translations"]
