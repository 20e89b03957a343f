import type { AdmitUnsigned } from '@pasar/shared/identity/unsigned'
import { guest, type RequestIdentity, type Viewer } from '@pasar/shared/identity/viewer'

/** The header in which gateways that cannot sign hand on who asks; only the measured subgraphs read it. */
export const viewerHeader = 'x-bench-viewer'

/** What stands in it. */
export const viewerText = (viewer: Viewer): string => JSON.stringify(viewer)

/** Believes the header. */
export const admitUnsigned: AdmitUnsigned = (headers): RequestIdentity => {
  const text = headers[viewerHeader]
  const viewer = text === undefined ? guest : (JSON.parse(text) as Viewer)
  return { viewer, locale: 'id', requestId: 'bench' }
}
