using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Commands;
using Orders.Warehouse;
using Orders.Warehouse.Embedded;

if (args is [QueryWorker.Argument])
{
    return QueryWorker.Run();
}

return CommandRunner.Asked(args)
    ? await WarehouseCommands.RunAsync(args)
    : await WarehouseHost.Build(new() { Args = args }, settings => LocalStores.AddInDevelopment(settings, Directory.GetCurrentDirectory())).RunServiceAsync();
