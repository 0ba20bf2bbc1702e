import json

import pytest

from sim.report.markup import Markup, chart_text, data_block, el, render


def test_plain_text_is_escaped_and_markup_is_not() -> None:
    inner = el("b", "x < y")
    assert render(["<i>", inner, None, 3]) == "&lt;i&gt;<b>x &lt; y</b>3"
    assert el("p", inner, "&") == "<p><b>x &lt; y</b>&amp;</p>"


def test_attributes_are_escaped_named_and_left_out() -> None:
    made = el("a", "x", href='"><script>', class_="k", aria_label="a & b", hidden=True, id=None)
    assert made == (
        '<a href="&quot;&gt;&lt;script&gt;" class="k" aria-label="a &amp; b" hidden>x</a>'
    )
    assert el("br") == "<br>"


@pytest.mark.parametrize("text", ["</script><script>alert(1)", "<!--", "a\u2028b", "&amp;"])
def test_data_cannot_leave_its_block_and_comes_back_as_it_was(text: str) -> None:
    block = data_block("numbers", {"title": text})
    inside = block.removeprefix('<script type="application/json" id="numbers">')
    inside = inside.removesuffix("</script>")
    assert not set("<>&\u2028") & set(inside)
    assert json.loads(inside) == {"title": text}


def test_numbers_that_json_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        data_block("numbers", [float("nan")])


def test_text_for_charts_means_what_it_says() -> None:
    assert chart_text("<b>&lt; %{y} $x$") == "&lt;b&gt;&amp;lt; %&#123;y} &#36;x&#36;"
    assert isinstance(el("p"), Markup)
