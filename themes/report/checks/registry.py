"""Every check, in the order in which what they found is shown: what can never be accepted comes first."""

from themes.report.checks import (
    account_holders,
    circular,
    combinations,
    liberi_ids,
    live,
    names,
    one_case,
    patterns,
    public_ids,
    quantifiers,
    quoting,
    released_before,
    required,
    small_numbers,
)
from themes.report.checks.problem import Check

CHECKS: dict[str, Check] = {
    check.slug: check
    for check in (
        liberi_ids.CHECK,
        *patterns.NEVER,
        account_holders.NAMES,
        names.IN_NOTES,
        public_ids.CHECK,
        quoting.NOT_AGREED,
        live.UNKNOWN,
        live.TYPED,
        *patterns.ACCEPTABLE,
        names.LIKELY,
        combinations.CHECK,
        small_numbers.CHECK,
        released_before.CHECK,
        quoting.UNKNOWN,
        quantifiers.CHECK,
        circular.CHECK,
        required.CHECK,
        one_case.CHECK,
    )
}
