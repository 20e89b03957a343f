import { expect, it } from 'vitest'
import { jsonForScript, markup, trusted } from './markup.ts'

it('escapes whatever is put into markup, unless it is markup itself', () => {
  const row = markup`<li title="${`"'`}">${'<b> & </b>'}</li>`
  expect(markup`<ul>${[row, row]}${trusted('<hr>')}</ul>`.source).toBe(
    `<ul>${'<li title="&quot;&#39;">&lt;b&gt; &amp; &lt;/b&gt;</li>'.repeat(2)}<hr></ul>`,
  )
})

it('writes data for a script so that it reads back the same and cannot end its element', () => {
  const data = { text: '</script><!--<script>' }
  expect(jsonForScript(data).source).not.toContain('<')
  expect(JSON.parse(jsonForScript(data).source)).toEqual(data)
})
