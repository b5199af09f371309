"""A hundred texts that would run as script if any place forgot to escape them."""

RUNS = "window.pwned=1"
_WAYS = (
    "<script>{run}</script>",
    "</script><script>{run}</script>",
    "<img src=x onerror={run}>",
    "<svg onload={run}>",
    "<svg><script>{run}</script></svg>",
    "<iframe srcdoc='<script>parent.{run}</script>'></iframe>",
    "<body onload={run}>",
    "<details open ontoggle={run}>x</details>",
    "<input autofocus onfocus={run}>",
    "<a href='javascript:{run}' autofocus>x</a>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<math><mi xlink:href='javascript:{run}'>x</mi></math>",
    "<video><source onerror={run}></video>",
    "<marquee onstart={run}>x</marquee>",
    "{{{{ {run} }}}}",
    "${{{run}}}",
    "';{run};//",
    '";{run};//',
    '\\\\";{run};//',
    "\u2028{run}\u2029",
)
_ROUND = ("{}", '"></text>{}', "'>{}", "--><!--{}", "</style></title></table>{}")
PAYLOADS = [around.format(way.format(run=RUNS)) for around in _ROUND for way in _WAYS]
"""They break out of an element, an attribute, a comment, a style and a script; some hide behind line separators."""
