import type { Family } from './engine/fixture.ts'
import { abstractTypes } from './fixtures/abstract-types.ts'
import { conditions } from './fixtures/conditions.ts'
import { directives } from './fixtures/directives.ts'
import { entityKeys } from './fixtures/entity-keys.ts'
import { errors } from './fixtures/errors.ts'
import { fragments } from './fixtures/fragments.ts'
import { inputs } from './fixtures/inputs.ts'
import { interfaceObjects } from './fixtures/interface-objects.ts'
import { introspection } from './fixtures/introspection.ts'
import { mutations } from './fixtures/mutations.ts'
import { names } from './fixtures/names.ts'
import { namesUnderMembers } from './fixtures/names-under-members.ts'
import { nulls } from './fixtures/nulls.ts'
import { provides } from './fixtures/provides.ts'
import { requires } from './fixtures/requires.ts'
import { requiresOfAbstractTypes } from './fixtures/requires-of-abstract-types.ts'
import { requiresWithArguments } from './fixtures/requires-with-arguments.ts'
import { sharedFields } from './fixtures/shared-fields.ts'
import { unresolvableKeys } from './fixtures/unresolvable-keys.ts'
import { values } from './fixtures/values.ts'
import { together } from './fixtures/together.ts'
import { work } from './fixtures/work.ts'

/** All supergraphs that the router is put to. */
export const families: readonly Family[] = [
  entityKeys,
  unresolvableKeys,
  sharedFields,
  requires,
  requiresOfAbstractTypes,
  requiresWithArguments,
  provides,
  interfaceObjects,
  abstractTypes,
  inputs,
  nulls,
  errors,
  conditions,
  names,
  namesUnderMembers,
  fragments,
  mutations,
  introspection,
  values,
  directives,
  together,
  work,
]
