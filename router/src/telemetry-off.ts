// The gateway looks at this when it is made, so whoever imports the gateway imports this first.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1'
