/** Colours keep 4.5:1 on their ground (WCAG 2.2, 1.4.3); meaning never rests on colour alone. No font or image is fetched. */
const SCREEN = `
:root{--ink:#18212b;--muted:#52606d;--line:#d5dbe1;--soft:#f4f6f8;--paper:#fff;--brand:#17456b;
--good:#14653a;--good-bg:#e9f5ee;--warn:#7a4a00;--warn-bg:#fdf3e1;--bad:#9b1c1c;--bad-bg:#fdecec}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--soft);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.25rem}
.kicker{margin:0;color:var(--brand);font-weight:600;letter-spacing:.02em}
h1{margin:.15rem 0 .35rem;font-size:clamp(1.6rem,1.2rem + 2vw,2.3rem);line-height:1.2;font-weight:650;overflow-wrap:anywhere}
h2{margin:0 0 .9rem;font-size:1.3rem;line-height:1.3;font-weight:650}
h3{margin:1.4rem 0 .6rem;font-size:1.02rem;font-weight:650;overflow-wrap:anywhere}
p{margin:.4rem 0}
.meta{color:var(--muted);overflow-wrap:anywhere}
section{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1.4rem 1.5rem;margin:1.1rem 0}
.verdict{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1.1rem;border-width:1px 1px 1px .5rem;align-items:start}
.verdict svg{width:3rem;height:3rem;margin-top:.1rem}
.verdict h2{font-size:clamp(1.3rem,1.1rem + 1vw,1.7rem);margin:.35rem 0 .3rem}
.verdict .body{grid-column:2}
.verdict ul{margin:.5rem 0 0;padding-left:1.2rem}
.is-identical{background:var(--good-bg);border-color:var(--good)}.is-identical h2,.is-identical svg{color:var(--good)}
.is-incomplete{background:var(--warn-bg);border-color:var(--warn)}.is-incomplete h2,.is-incomplete svg{color:var(--warn)}
.is-differences{background:var(--bad-bg);border-color:var(--bad)}.is-differences h2,.is-differences svg{color:var(--bad)}
.figures{list-style:none;display:grid;grid-template-columns:repeat(4,1fr);gap:.8rem;margin:1.1rem 0;padding:0}
.figures li{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:.85rem 1rem}
.figures b{display:block;font-size:1.55rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
.figures span{color:var(--muted);font-size:.92rem}
.scroll{overflow-x:auto}.scroll+.scroll{margin-top:1.3rem}
.scroll:focus-visible,summary:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:left;font-weight:650;padding:0 0 .5rem;overflow-wrap:anywhere}
.quiet caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}
thead th::first-letter{text-transform:uppercase}
thead th{background:var(--soft);color:var(--muted);font-weight:600;border-bottom:2px solid var(--line);overflow-wrap:normal}
tbody th{font-weight:600;min-width:9rem;overflow-wrap:anywhere}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.hint{color:var(--muted);font-weight:400}
.badge{display:inline-block;white-space:nowrap;border:1px solid currentColor;border-radius:1rem;padding:.05rem .6rem;font-size:.86rem;font-weight:600}
.good{color:var(--good);background:var(--good-bg)}.warn{color:var(--warn);background:var(--warn-bg)}.bad{color:var(--bad);background:var(--bad-bg)}.plain{color:var(--muted);background:var(--soft)}
details{border-top:1px solid var(--line);padding:.15rem 0}
details:last-of-type{border-bottom:1px solid var(--line)}
.plain-rows td{white-space:nowrap}.plain-rows td:not(:last-child),.plain-rows thead th:not(:first-child):not(:last-child){text-align:right;font-variant-numeric:tabular-nums}
.on-paper{display:none}
summary{cursor:pointer;padding:.55rem .2rem;font-weight:600;overflow-wrap:anywhere}
summary .badge{margin-left:.5rem}
.inside{padding:.2rem .2rem 1rem}
.bar{display:block;height:.7rem;background:var(--line);border-radius:.35rem;overflow:hidden;min-width:7rem}
.bar i{display:block;height:100%;background:var(--brand)}
dl.facts{display:grid;grid-template-columns:minmax(9rem,16rem) 1fr;gap:.35rem 1.2rem;margin:0}
dl.facts dt{color:var(--muted)}dl.facts dd{margin:0;overflow-wrap:anywhere}
.box{display:inline-block;width:.95rem;height:.95rem;border:1.5px solid var(--ink);border-radius:.15rem;margin-right:.45rem;vertical-align:-.12rem}
.choices{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:.8rem 0}
.lines{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1.1rem 1.5rem;margin-top:1rem}
.lines div,.reserve{border-bottom:1px solid var(--muted);padding-top:2.2rem}
.reserve+.reserve{padding-top:2rem}
.lines div{padding:0 0 2.1rem;color:var(--muted)}
.chart{display:block;width:100%;height:auto;font-family:inherit;fill:var(--ink)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.8rem 0 0;padding:0;font-size:.92rem}.legend i{display:inline-block;width:.9rem;height:.9rem;border-radius:.2rem;margin-right:.4rem;vertical-align:-.1rem}
.plain-verdict{grid-template-columns:1fr}.plain-verdict .body{grid-column:1}
.signatories{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem}
.signatory{border:1px solid var(--muted);border-radius:.4rem;padding:.8rem 1rem;min-height:9rem;display:flex;flex-direction:column;gap:.2rem}
section .figures{margin-bottom:0}
footer{color:var(--muted);font-size:.9rem;padding-bottom:2.5rem}
`;

const NARROW = `
@media (max-width:40rem){
main,header,footer{padding-left:.85rem;padding-right:.85rem}
section{padding:1.1rem 1rem}
.verdict{grid-template-columns:1fr}.verdict .body{grid-column:1}
.figures{grid-template-columns:1fr 1fr;gap:.6rem}.figures b{font-size:1.3rem}
dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.6rem}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;text-align:left}
.stack tr{border-bottom:2px solid var(--line);padding:.6rem 0}
.stack caption{display:block}
.stack th,.stack td{overflow-wrap:anywhere}
.stack th,.stack td,.stack td.number{border:0;padding:.15rem 0;white-space:normal;text-align:left}
.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--muted)}
:lang(fr) .stack td[data-label]::before{content:attr(data-label) " : "}
.stack .bar{display:none}
.signatories{grid-template-columns:1fr}
.chart text{font-size:22px}
}`;

const PRINT = `
@media print{
@page{size:A4;margin:16mm 14mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#52606d}}
body{background:#fff;font-size:10pt}
main,header,footer{max-width:none;padding:0}
header{padding-top:0}
section{border-width:0 0 1px;border-radius:0;padding:4mm 0;margin:0}
.verdict{border-width:1px 1px 1px 2.5mm;padding:4mm}
.figures{grid-template-columns:repeat(4,1fr);gap:3mm;margin:4mm 0}.figures li{padding:2.5mm 3mm}.figures b{font-size:14pt}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
thead{display:table-header-group}tr,li,.lines,.choices{break-inside:avoid}
h2,h3,summary,caption{break-after:avoid}dl.facts{grid-template-columns:42mm 1fr}.lines{grid-template-columns:repeat(4,1fr)}
.scroll{overflow:visible}.badge{white-space:normal}tbody th{min-width:38mm}
table{font-size:8.6pt}.badge{font-size:8pt;padding:0 2mm;border-radius:2mm}th,td{padding:1.2mm 1.6mm}
p.on-paper{display:block}.on-screen{display:none}
details::details-content{content-visibility:visible;display:block;height:auto}
.signature{break-inside:avoid}.signatories{grid-template-columns:1fr 1fr}.signatory{min-height:38mm}
}`;

export const STYLE = `${SCREEN}${NARROW}${PRINT}`;
