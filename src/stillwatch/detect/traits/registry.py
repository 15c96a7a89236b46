"""The explicit registry of trait kinds; further kinds come from entry points."""

from __future__ import annotations

from typing import Final

from stillwatch.detect.extension import with_extensions
from stillwatch.detect.traits.client_address import CLIENT_ADDRESS
from stillwatch.detect.traits.client_configuration import CLIENT_CONFIGURATION
from stillwatch.detect.traits.client_network import CLIENT_NETWORK
from stillwatch.detect.traits.closing import CLOSING
from stillwatch.detect.traits.email_domain import EMAIL_DOMAIN
from stillwatch.detect.traits.email_shape import EMAIL_SHAPE
from stillwatch.detect.traits.header_order import HEADER_ORDER
from stillwatch.detect.traits.kind import TraitKind
from stillwatch.detect.traits.opening import OPENING
from stillwatch.detect.traits.payment_bin import PAYMENT_BIN
from stillwatch.detect.traits.payment_instrument import PAYMENT_INSTRUMENT
from stillwatch.detect.traits.phrase import PHRASE
from stillwatch.detect.traits.referrer import REFERRER
from stillwatch.detect.traits.signup_hour import SIGNUP_HOUR
from stillwatch.detect.traits.signup_network import SIGNUP_NETWORK
from stillwatch.detect.traits.system_prompt import SYSTEM_PROMPT
from stillwatch.detect.traits.template import TEMPLATE
from stillwatch.detect.traits.tls_fingerprint import TLS_FINGERPRINT
from stillwatch.detect.traits.tool_set import TOOL_SET
from stillwatch.detect.traits.user_agent import USER_AGENT

ENTRY_POINTS: Final = "stillwatch.traits"

BUILT_IN: Final[tuple[TraitKind, ...]] = (
    PHRASE,
    OPENING,
    CLOSING,
    TEMPLATE,
    SYSTEM_PROMPT,
    PAYMENT_INSTRUMENT,
    PAYMENT_BIN,
    EMAIL_DOMAIN,
    EMAIL_SHAPE,
    SIGNUP_NETWORK,
    REFERRER,
    SIGNUP_HOUR,
    CLIENT_CONFIGURATION,
    USER_AGENT,
    TLS_FINGERPRINT,
    HEADER_ORDER,
    TOOL_SET,
    CLIENT_ADDRESS,
    CLIENT_NETWORK,
)


def trait_kinds() -> tuple[TraitKind, ...]:
    """Return the built-in kinds, then those that installed packages offer under `stillwatch.traits`."""
    return with_extensions(BUILT_IN, TraitKind, ENTRY_POINTS)
