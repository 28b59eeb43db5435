"""What is wrong with a query is told: parameter, value found, value expected, all at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.prove.epcis.query import Order, parse, parse_json
from takeback.prove.epcis.query.families import FIXED

WRONG = [
    ("EQ_bizstep", "shipping", "EQ_bizStep"),
    ("nonsense", "1", "8.2.7"),
    ("eventType", "ObjektEvent", "ObjectEvent"),
    ("eventType", "", "separated by |"),
    ("EQ_action", "add", "ADD, OBSERVE, DELETE"),
    ("EQ_bizStep", "shiping", "shipping"),
    ("EQ_bizStep", "shipping||receiving", "separated by |"),
    ("EQ_disposition", "returning", "returned"),
    ("EQ_disposition", "xyz", "word of CBV 2.0"),
    ("GE_eventTime", "2026-03-01", "offset"),
    ("GE_eventTime", "2026-03-01T10:00:00", "offset"),
    ("GE_eventTime", "2026-02-30T10:00:00Z", "exist"),
    ("LT_recordTime", "yesterday", "offset"),
    ("GE_recordTime", "0001-01-01T00:00:00+14:00", "years"),
    ("EQ_readPoint", "warehouse", "URI"),
    ("MATCH_epc", "9876", "URI"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.*.17", "last parts"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:40.*.*", "6 to 12 digits"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.*", "3 parts"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.1234567.*", "13 digits"),
    ("EQ_bizTransaction_purchase", "https://example.com/1", "CBV"),
    ("EQ_source_location", "here", "URI"),
    ("EQ_quantity", "many", "number"),
    ("GT_quantity", "1|2", "number"),
    ("GE_value_CEL", "1e9999", "number"),
    ("GE_value_CEL", "NaN", "number"),
    ("GE_value_celsius", "25", "8.2.7"),
    ("EQ_booleanValue", "yes", "true, false"),
    ("EQ_hexBinaryValue", "F0F", "hexadecimal"),
    ("EXISTS_errorDeclaration", "perhaps", "true, false"),
    ("EQ_eventID", "12", "URI"),
    ("GE_ex:number", "much", "number"),
    ("EQ_fieldWithoutPrefix", "x", "8.2.7"),
    ("EQ_a b:field", "x", "prefix"),
    ("HASATTR_readPoint", "city", "prefix"),
    ("orderBy", "quantity", "eventTime, recordTime"),
    ("orderDirection", "UP", "ASC, DESC"),
    ("maxEventCount", "-1", "whole number from 0"),
    ("maxEventCount", "1.5", "whole number"),
    ("perPage", "0", "whole number from 1"),
    ("perPage", "many", "number"),
    ("eventCountLimit", "5", "orderBy"),
]


@pytest.mark.parametrize(("name", "value", "expected"), WRONG)
def test_a_wrong_parameter_is_named_with_what_it_should_be(name: str, value: str, expected: str) -> None:
    """An unknown name, a value that is none of the parameter's, a missing companion: 400, where, found, expected."""
    with pytest.raises(Problem) as caught:
        parse([(name, value)])
    problem = caught.value
    assert (problem.kind, problem.status, problem.where) == ("epcis.query-parameter", 400, name)
    assert expected in str(problem.expected)


def test_all_mistakes_are_told_at_once() -> None:
    """Three mistakes are three problems in one."""
    with pytest.raises(Problem) as caught:
        parse([("EQ_action", "add"), ("EQ_bizStep", "shipping"), ("nonsense", "1"), ("perPage", "-3")])
    assert [problem.where for problem in caught.value.errors] == ["EQ_action", "nonsense", "perPage"]
    assert caught.value.status == 400


def test_one_value_is_one_value() -> None:
    """A parameter that is no list must not come twice."""
    with pytest.raises(Problem, match="one value"):
        parse([("GE_eventTime", "2026-03-01T10:00:00Z"), ("GE_eventTime", "2026-03-02T10:00:00Z")])


def test_limits_exclude_each_other() -> None:
    """eventCountLimit and maxEventCount together are refused (8.2.7.1)."""
    with pytest.raises(Problem) as caught:
        parse([("orderBy", "eventTime"), ("eventCountLimit", "5"), ("maxEventCount", "5")])
    assert "exclude" in str(caught.value.expected)


def test_order_and_sizes_are_read() -> None:
    """orderBy, orderDirection, limits and paging; a page larger than the largest is the largest."""
    query = parse([("orderBy", "recordTime"), ("eventCountLimit", "5"), ("perPage", "100000"), ("nextPageToken", "x")])
    assert (query.order, query.limit, query.most) == (Order("recordTime", ascending=False), 5, None)
    assert (query.per_page, query.token) == (1000, "x")
    assert parse([("orderDirection", "ASC")]).order == Order("eventTime", ascending=True)
    assert parse([]).order == Order("eventTime", ascending=False)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([], "epcis.query-validation"),
        ("text", "epcis.query-validation"),
        (None, "epcis.query-validation"),
        ({"EQ_bizStep": 5}, "epcis.query-validation"),
        ({"EQ_bizStep": ["shipping", None]}, "epcis.query-validation"),
        ({"GE_eventTime": 2026}, "epcis.query-validation"),
        ({"GE_value_CEL": "25"}, "epcis.query-validation"),
        ({"GE_value_CEL": True}, "epcis.query-validation"),
        ({"@context": 5}, "epcis.query-validation"),
        ({"EQ_ex:field": {"a": 1}}, "epcis.query-validation"),
        ({"EQ_ex:field": []}, "epcis.query-parameter"),
        ({"GE_ex:field": "10"}, "epcis.query-parameter"),
        ({"GE_eventTime": ["2026-03-01T10:00:00Z"]}, "epcis.query-parameter"),
        ({"EQ_bizStep": ["shiping"]}, "epcis.query-parameter"),
        ({"nonsense": 1}, "epcis.query-parameter"),
        ({"eventCountLimit": 3}, "epcis.query-parameter"),
        ({"eventCountLimit": 1e308, "orderBy": "eventTime"}, "epcis.query-parameter"),
    ],
)
def test_a_wrong_named_query_is_refused(body: object, kind: str) -> None:
    """The form of the JSON (validation) and the meaning of its parameters are told apart."""
    with pytest.raises(Problem) as caught:
        parse_json(body)
    assert (caught.value.kind, caught.value.status) == (kind, 400)


NAMES = st.one_of(
    st.sampled_from([*FIXED, "EQ_quantity_KGM", "GE_value_CEL", "EQ_ILMD_ex:a", "HASATTR_readPoint", "EQATTR_a_b:c"]),
    st.text(max_size=20),
    st.builds("{}_{}".format, st.sampled_from(["EQ", "GE", "EXISTS", "MATCH", "EQ_INNER"]), st.text(max_size=12)),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@given(pairs=st.lists(st.tuples(NAMES, st.text(max_size=40)), max_size=4))
def test_any_address_is_a_query_or_a_problem(pairs: list[tuple[str, str]]) -> None:
    """Whatever stands in an address: a query, or a problem of status 400; never another exception."""
    try:
        parse(pairs)
    except Problem as problem:
        assert problem.status == 400
        assert problem.as_dict()


@given(body=st.one_of(JSON, st.dictionaries(NAMES, JSON, max_size=4)))
def test_any_json_is_a_query_or_a_problem(body: object) -> None:
    """Whatever stands in a named query's JSON: a query, or a problem of status 400."""
    try:
        parse_json(body)
    except Problem as problem:
        assert problem.status == 400
        assert problem.as_dict()


def test_the_digest_tells_queries_apart() -> None:
    """Order of parameters and of values changes nothing; another value, order or organisation does."""
    one = parse([("EQ_action", "ADD|DELETE"), ("EQ_bizStep", "shipping"), ("perPage", "3")])
    same = parse([("EQ_bizStep", "shipping"), ("EQ_action", "ADD|DELETE"), ("perPage", "9"), ("nextPageToken", "t")])
    other = parse([("EQ_bizStep", "receiving"), ("EQ_action", "ADD|DELETE")])
    assert one.digest("a") == same.digest("a")
    assert len({one.digest("a"), one.digest("b"), other.digest("a"), parse([]).digest("a")}) == 4
    assert one.also(other).digest() != one.digest()
