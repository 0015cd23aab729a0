// The page's look. No external font, image or script: the page must open from a mail attachment on a
// machine without network. The two radio buttons at the top choose the language without any script.

export const STYLE = `
:root{color-scheme:light dark;--fg:#1d232b;--bg:#fff;--soft:#f4f6f8;--line:#d5dbe1;--dim:#5b6673;--accent:#0b5cad;
--bad:#b3261e;--warn:#8a5a00;--ok:#3d6b2e}
@media(prefers-color-scheme:dark){:root{--fg:#dfe4ea;--bg:#14181d;--soft:#1d232a;--line:#36404a;--dim:#97a3b0;
--accent:#7ab7f5;--bad:#ff8a80;--warn:#f2bf5e;--ok:#9ccf86}}
*{box-sizing:border-box}
body{margin:0;color:var(--fg);background:var(--bg);line-height:1.55;
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
"WenQuanYi Micro Hei",sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:.5rem 1rem 4rem}
.languages{max-width:60rem;margin:0 auto;padding:.75rem 1rem 0;text-align:right}
.choice{position:absolute;opacity:0}
.languages label{display:inline-block;padding:.15rem .7rem;border:1px solid var(--line);cursor:pointer;color:var(--dim)}
.languages label:first-of-type{border-radius:.4rem 0 0 .4rem}
.languages label:last-of-type{border-radius:0 .4rem .4rem 0;border-left:0}
#en:checked~.languages label[for=en],#zh:checked~.languages label[for=zh]{background:var(--accent);color:var(--bg);
border-color:var(--accent)}
#en:focus-visible~.languages label[for=en],#zh:focus-visible~.languages label[for=zh]{outline:2px solid var(--fg)}
main[lang]{display:none}
#en:checked~main[lang=en],#zh:checked~main[lang=zh-CN]{display:block}
h1{font-size:1.6rem;line-height:1.25;margin:.6rem 0 1rem}
h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:2px solid var(--line)}
h3{font-size:1.08rem;margin:1.6rem 0 .5rem}
h4,h5,h6{font-size:1rem;margin:1.2rem 0 .4rem}
p{margin:.5rem 0}
li{margin:.25rem 0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
code{background:var(--soft);padding:.08em .3em;border-radius:.25em}
pre{background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .9rem;overflow-x:auto;
line-height:1.45;overflow-wrap:normal}
pre code{background:none;padding:0;font-size:1em}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;width:100%;font-size:.95em;overflow-wrap:normal}
th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top;min-width:4.5rem}
th{background:var(--soft);font-weight:600;white-space:nowrap}
td code{overflow-wrap:anywhere}
.verdict{font-weight:600;white-space:nowrap}
.proven,.likely{color:var(--bad)}.possible{color:var(--warn)}.unlikely,.ruled-out{color:var(--dim)}
@media(max-width:40rem){main{padding:.25rem .75rem 3rem}h1{font-size:1.3rem}pre{font-size:.8rem;padding:.5rem}
table{font-size:.88em}th,td{padding:.3rem .4rem}}
@media print{.languages{display:none}pre{white-space:pre-wrap;overflow-wrap:anywhere}main{max-width:none}}
`;
