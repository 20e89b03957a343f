/** A setting that cannot be used: the message is one sentence for the person who started the process. */
export class SettingProblem extends Error {}
