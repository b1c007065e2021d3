"""A rich report document, invented, that every format must carry whole."""

from datetime import date

from themes.report.charts import bar_chart, flow_chart

ON = date(2022, 3, 5)
PNG_DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

FLOW = flow_chart(
    "flow",
    "From asked to selected",
    [("asked for", 12), ("submitted", 12), ("qualified", 9), ("selected", 6)],
)
THEMES = bar_chart(
    "themes",
    "Desk-top themes by number of cases",
    [
        ("Referrals to FGC", 6),
        ("Agency checks", 5),
        ("C&F assessment (pre-birth)", 4),
        ("Multi-agency responsibility for co-owned and created support plans", 3),
        ("Supervision", 0),
    ],
    6,
)
ROWS = "".join(
    f'<tr><th scope="row">Characteristic number {n}</th><td>{"Key" if n < 5 else "Of interest"}</td>'
    f'<td class="govuk-table__cell--numeric">{n % 7}</td></tr>'
    for n in range(1, 41)
)

DOCUMENT = f"""<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Positive practice review: wrens &amp; finches</title></head>
<body>
<main>
<h1>Positive practice review: wrens &amp; finches</h1>
<div class="subtitle"><p>Report to the executive board, 5 March 2022</p></div>
<section id="context">
<h2>Context</h2>
<p>This invented review looked at practice that <strong>worked well</strong>, and at <em>why</em>. It reads
“what was done”, at 50% of the cost of a guess — £3, #1, a_b, $x$, *star*, @here, &lt;angle&gt;.</p>
<p>See <a href="#themes-section">the themes</a>, <a href="#nowhere">a place on screen</a> or
<a href="https://example.org/">a page elsewhere</a>.</p>
<ul><li>First point, a short one.</li><li>Second point, with <ul><li>a point under it.</li></ul></li></ul>
<ol><li>Read the records.</li><li>Ask the social worker.</li></ol>
<p class="screen-only">Not a division: stays.</p>
<div class="screen-only"><p>Onlyonscreen words.</p></div>
</section>
<section>
<h2>How cases were identified</h2>
<h3>From asked to selected</h3>
<figure>{FLOW}<figcaption>How 12 cases became 6</figcaption></figure>
<h3>The profile as applied</h3>
<table>
<caption>Characteristics by how many of the selected cases</caption>
<thead><tr><th scope="col">Characteristic</th><th scope="col">Tier</th>
<th scope="col" class="govuk-table__header--numeric">Cases</th></tr></thead>
<tbody>{ROWS}</tbody>
</table>
</section>
<section>
<h2 id="themes-section">Desk-top themes</h2>
<figure>{THEMES}<figcaption>Themes by number of cases</figcaption></figure>
<h3>Referrals to FGC</h3>
<p>In all 6 cases a referral was made early.</p>
<blockquote><p>She sat down with us and drew the whole family on one sheet.</p></blockquote>
<h4>Required or beyond</h4>
<dl><dt>Required</dt><dd>By procedure.</dd><dt>Beyond</dt><dd>What the worker added.</dd></dl>
</section>
<section>
<h2>Method note</h2>
<figure><img src="data:image/png;base64,{PNG_DOT}" alt="A red dot"><figcaption>A dot</figcaption></figure>
<p>Counts are computed when the report is built.</p>
</section>
</main>
</body>
</html>
"""
