using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Commands;
using Orders.Warehouse;

return CommandRunner.Asked(args)
    ? await WarehouseCommands.RunAsync(args)
    : await WarehouseHost.Build(new() { Args = args }, settings => LocalStores.AddInDevelopment(settings, Directory.GetCurrentDirectory())).RunServiceAsync();
