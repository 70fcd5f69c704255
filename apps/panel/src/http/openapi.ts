import { type Operation, operations, Problem } from '@argos/contract'
import { z } from 'zod'

type Json = Readonly<Record<string, unknown>>
export interface OpenApi extends Json {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
}
export interface OpenApiOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly parameters?: readonly { name: string; in: 'path' | 'query'; required: boolean; schema: Json }[]
  readonly requestBody?: Json
  readonly responses: Readonly<Record<string, Json>>
  readonly security: readonly Json[]
}

/** What is read is described as it is sent; what is answered, as it arrives. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  })
  return rest
}

const pathOf = (op: Operation): string => op.path.replaceAll(/:(\w+)/g, '{$1}')

function parametersOf(schema: z.ZodObject | undefined, where: 'path' | 'query') {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || !z.safeParse(field as z.ZodType, undefined).success,
    schema: schemaOf(field as z.ZodType, 'input'),
  }))
}

const json = (schema: Json) => ({ content: { 'application/json': { schema } } })
const problem = {
  description: 'A refusal: `code` is stable, `message` is for people.',
  ...json({ $ref: '#/components/schemas/Problem' }),
}

function operationOf(op: Operation): OpenApiOperation {
  const parameters = [...parametersOf(op.params, 'path'), ...parametersOf(op.query, 'query')]
  const open = op.scope === 'public'
  const changes = op.method !== 'GET'
  return {
    operationId: op.id,
    tags: [op.tag],
    summary: op.summary,
    description: open ? 'Needs no session.' : `Scope: \`${op.scope}\`.`,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(op.body ? { requestBody: { required: true, ...json(schemaOf(op.body, 'input')) } } : {}),
    responses: {
      [op.status]: {
        description: 'Done.',
        ...(op.response ? json(schemaOf(op.response, 'output')) : {}),
      },
      default: problem,
    },
    security: open ? [] : [changes ? { session: [], csrf: [] } : { session: [] }],
  }
}

const order = ({ method }: Operation): number => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].indexOf(method)

/** The description of the whole API, from the contract alone: same contract, same bytes. */
export function openApi(version: string): OpenApi {
  const paths: Record<string, Record<string, OpenApiOperation>> = {}
  // By path: the order of a module's exports is not the same everywhere.
  for (const op of operations.toSorted((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : order(a) - order(b),
  )) {
    const path = pathOf(op)
    paths[path] = { ...paths[path], [op.method.toLowerCase()]: operationOf(op) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Argos',
      version,
      description:
        "The panel's API. Times are milliseconds since the Unix epoch, UTC. Every refusal has the same shape, `Problem`.",
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-panel' },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'x-csrf-token',
          description: 'The `csrfToken` of `meView`, `login` or `setupCreate`.',
        },
      },
    },
  }
}

/** As it is committed and served. */
export const openApiText = (version: string): string => `${JSON.stringify(openApi(version), null, 2)}\n`
