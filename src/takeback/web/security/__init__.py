"""Who calls, whether the call was meant, and what a browser may do with the answer."""

from takeback.web.security.authentication import Authentication
from takeback.web.security.caller import KNOWN, PERSON, PUBLIC, STATIC, Caller, provide_actor, provide_caller
from takeback.web.security.cookies import expire_session, session_cookie, visitor_cookie
from takeback.web.security.csrf import csrf_token
from takeback.web.security.headers import CACHED, add_security_headers

__all__ = [
    "CACHED",
    "KNOWN",
    "PERSON",
    "PUBLIC",
    "STATIC",
    "Authentication",
    "Caller",
    "add_security_headers",
    "csrf_token",
    "expire_session",
    "provide_actor",
    "provide_caller",
    "session_cookie",
    "visitor_cookie",
]
