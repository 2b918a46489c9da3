using Orders.Api;
using Orders.ServiceDefaults;

return await ApiHost.Build(new() { Args = args }).RunServiceAsync(drains: true);
