import { errorStatus } from '@argos/contract'
import type { OpenApi, OpenApiOperation } from './openapi.ts'

type Json = Readonly<Record<string, unknown>>

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (value: unknown): string => String(value).replaceAll(/[&<>"]/g, (c) => escapes[c] ?? c)
/** Escapes, and sets what stands in back-quotes as code. */
const prose = (value: string): string => text(value).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

/** The API for people: no script, one style sheet. */
export function referencePage(api: OpenApi): string {
  const all = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, op]) => ({ path, method: method.toUpperCase(), op })),
  )
  const tags = [...new Set(all.flatMap(({ op }) => op.tags))]
  const sections = tags.map((tag) => {
    const own = all.filter(({ op }) => op.tags.includes(tag))
    return `<section><h2 id="${text(tag)}">${text(tag)}</h2>${own.map((o) => article(o)).join('\n')}</section>`
  })
  const nav = tags.map((tag) => {
    const own = all.filter(({ op }) => op.tags.includes(tag))
    const links = own.map(
      ({ op }) => `<li><a href="#${text(op.operationId)}">${text(op.operationId)}</a></li>`,
    )
    return `<li><a href="#${text(tag)}">${text(tag)}</a><ul>${links.join('')}</ul></li>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Argos API</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<nav aria-label="Operations"><p><a href="/">Argos</a> API ${text(api.info.version)}</p><ul>${nav.join('')}</ul></nav>
<main>
<h1>Argos API</h1>
<p>${prose(api.info.description)} The same as <a href="/api/openapi.json">OpenAPI</a>.</p>
<p>Sign in with <a href="#login"><code>login</code></a>. The session is a cookie; everything that changes something also needs
the answer's <code>csrfToken</code> in the header <code>x-csrf-token</code>, and a body in <code>application/json</code>.</p>
<h2 id="refusals">Refusals</h2>
<p>Every refusal is <code>{ code, message, requestId, fields?, retryAfterS? }</code>.</p>
<table><thead><tr><th>code</th><th>status</th></tr></thead><tbody>${Object.entries(errorStatus)
    .map(([code, status]) => `<tr><td><code>${code}</code></td><td>${status}</td></tr>`)
    .join('')}</tbody></table>
${sections.join('\n')}
</main>
</body>
</html>
`
}

function article({ path, method, op }: { path: string; method: string; op: OpenApiOperation }): string {
  const body = bodySchema(op.requestBody)
  const [status = '200', success = {}] = Object.entries(op.responses)[0] ?? []
  const answer = bodySchema(success)
  const parameters = (op.parameters ?? []).map((p) => ({ ...p, where: p.in }))
  return `<article id="${text(op.operationId)}">
<h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${text(path)}</code></h3>
<p>${prose(op.summary)}. ${prose(op.description)} <span class="id">${text(op.operationId)}</span></p>
${
  parameters.length === 0
    ? ''
    : table(
        'Parameters',
        parameters.map((p) => [p.name, `${p.where}, ${typeOf(p.schema)}`, p.required]),
      )
}
${body === null ? '' : table('Body', fieldsOf(body))}
${answer === null ? `<p>Answers ${text(status)}, without a body.</p>` : table(`Answer (${text(status)})`, fieldsOf(answer))}
</article>`
}

const table = (title: string, rows: readonly (readonly [string, string, boolean])[]): string =>
  `<h4>${title}</h4><table><tbody>${rows
    .map(
      ([name, type, required]) =>
        `<tr><td><code>${text(name)}</code></td><td>${text(type)}</td><td>${required ? '' : 'optional'}</td></tr>`,
    )
    .join('')}</tbody></table>`

function bodySchema(holder: Json | undefined): Json | null {
  const content = holder?.content as Readonly<Record<string, { schema: Json }>> | undefined
  return content?.['application/json']?.schema ?? null
}

/** Each field by its path, as in `host.domains[]`. */
function fieldsOf(schema: Json, prefix = '', depth = 0): (readonly [string, string, boolean])[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Json>>
  const required = new Set(schema.required as readonly string[] | undefined)
  return Object.entries(properties).flatMap(([name, field]) => {
    const inner = field.type === 'array' ? (field.items as Json) : field
    const path = `${prefix}${name}${field.type === 'array' ? '[]' : ''}`
    const nested = depth < 4 && inner.properties !== undefined ? fieldsOf(inner, `${path}.`, depth + 1) : []
    return [[path, typeOf(field), required.has(name)] as const, ...nested]
  })
}

function typeOf(schema: Json): string {
  const { type, enum: values, const: value, anyOf, oneOf, items, default: fallback } = schema
  const options = (anyOf ?? oneOf) as readonly Json[] | undefined
  const plain =
    value !== undefined
      ? JSON.stringify(value)
      : Array.isArray(values)
        ? values.map((v) => JSON.stringify(v)).join(' | ')
        : options
          ? [...new Set(options.map(typeOf))].join(' | ')
          : type === 'array'
            ? `list of ${typeOf((items ?? {}) as Json)}`
            : String(type ?? 'any')
  return fallback === undefined ? plain : `${plain}, ${JSON.stringify(fallback)} unless given`
}

export const referenceStyle = `:root{color-scheme:light dark;--fg:#14181c;--dim:#5b6670;--bg:#f4f6f7;--card:#fff;--line:#d9dfe3;--accent:#0b6e69}
@media (prefers-color-scheme:dark){:root{--fg:#e6eaed;--dim:#94a0aa;--bg:#0b0e11;--card:#12171b;--line:#262e35;--accent:#4fc3bb}}
*{box-sizing:border-box}html{scroll-padding-top:1rem}
body{margin:0;display:grid;grid-template-columns:15rem minmax(0,1fr);font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.25rem;border-right:1px solid var(--line);font-size:13px}
nav ul{list-style:none;margin:0;padding:0}nav li li{padding-left:.75rem}nav>ul>li{margin-bottom:.75rem;font-weight:600}nav li li a{font-weight:400;color:var(--dim)}
main{padding:1.25rem 2rem 4rem;max-width:60rem;min-width:0}
a{color:var(--accent)}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
h1{font-size:1.6rem}h2{margin-top:2.5rem}h3{margin:0;font-size:1rem}h4{margin:1rem 0 .25rem;font-size:13px;color:var(--dim)}
article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.25rem;margin:1rem 0;overflow-x:auto}
article:target{border-color:var(--accent)}
.method{font:600 12px ui-monospace,monospace;border:1px solid var(--line);border-radius:5px;padding:.1rem .4rem}
.id{color:var(--dim);font:12px ui-monospace,monospace}
table{border-collapse:collapse;font-size:13px;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0;border-top:1px solid var(--line)}
@media (max-width:48rem){body{display:block}nav{position:static;height:auto;border:0}main{padding:1rem}}
`
