"""The rule files are parameters: every hit hits, no near miss does, a todo that works must move."""

from __future__ import annotations

import pytest

from licensecheck import rulebook, rulecheck


@pytest.mark.parametrize("relative", rulebook.clause_files())
def test_a_clause_file_keeps_its_promises(relative: str) -> None:
    raw = rulebook.clause_file(relative)
    assert [*rulecheck._form(raw), *rulecheck._cases(raw)] == []
