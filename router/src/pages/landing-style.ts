/** The landing page's whole style sheet. Its hash stands in the page's policy, so it is put in exactly as it is. */
export const landingStyle = `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #566273; --paper: #fbfaf7; --card: #fff; --line: #e2ded4; --accent: #a6341b }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6df; --quiet: #a5adb8; --paper: #15181d; --card: #1d2127; --line: #333a44; --accent: #ff9d7f } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.8rem }
h2 { margin: 0 0 .4rem; font-size: .8rem; text-transform: uppercase; letter-spacing: .06em; color: var(--quiet) }
p { margin: .3rem 0 1rem; max-width: 60ch }
a { color: var(--accent) }
a.first { display: inline-block; padding: .45rem .9rem; border-radius: .4rem; background: var(--accent); color: var(--paper); text-decoration: none }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(21rem, 100%), 1fr)) }
section { padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); min-width: 0; overflow-x: auto }
section.wide { grid-column: 1 / -1 }
ul, ol { margin: 0; padding-left: 1.2rem }
table { width: 100%; border-collapse: collapse; font-size: .9rem }
th { text-align: left; font-weight: 600; color: var(--quiet) }
td, th { padding: .15rem .6rem .15rem 0; white-space: nowrap }
code { font: .85em/1.5 ui-monospace, monospace }
pre { margin: 0; overflow-x: auto }
section p { margin: .4rem 0 0; font-size: .9rem; color: var(--quiet) }
`
