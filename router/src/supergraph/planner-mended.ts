import { Field, typenameFieldName } from '@apollo/federation-internals'

const { rebaseOn } = Field.prototype

/**
 * The planner throws where it would ask an interface object for its type name, because clients must not be told that name. Where it needs
 * it to name the object in the next fetch (`@requires` of what another interface object tells), it is the right one, and without it
 * there is no plan. Where the planner only tries whether it may ask, it still may not.
 */
Field.prototype.rebaseOn = function mended(given) {
  const { parentType, errorIfCannotRebase } = given
  const typename = errorIfCannotRebase && this.name === typenameFieldName ? parentType.typenameField() : undefined
  return typename && parentType !== this.definition.parent ? this.withUpdatedDefinition(typename) : rebaseOn.call(this, given)
}
