using Orders.Query;
using Orders.ServiceDefaults;

return await QueryHost.Build(new() { Args = args }).RunServiceAsync(drains: true);
