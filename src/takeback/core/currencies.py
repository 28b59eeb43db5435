"""Currencies and the decimals of their minor unit (ISO 4217, list one, 2026)."""

_LISTS = """
0 BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
2 AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP
2 CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
2 JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
2 NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
2 SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
3 BHD IQD JOD KWD LYD OMR TND
4 CLF UYW
"""

CURRENCIES = {code: int(decimals) for decimals, *codes in map(str.split, _LISTS.strip().splitlines()) for code in codes}
NO_CURRENCY = "XXX"  # of ISO 4217: no currency is involved; nothing is entered in it


def shown_currency(code: str) -> str:
    """Return `code`, or that of no currency where it is none: a figure of long ago must not hide the page around it."""
    return code if code in CURRENCIES else NO_CURRENCY
