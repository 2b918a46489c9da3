using System.Text.Json;
using Shouldly;

namespace Orders.Tests.Infra;

/// <summary>One service's task in a template.</summary>
internal sealed class ServiceTask
{
    private readonly TemplateJson _template;

    public ServiceTask(TemplateJson template, string service)
    {
        _template = template;
        Definition = template.Named("AWS::ECS::TaskDefinition", $"{service}Task");
        Container = Containers.Single(container => container.GetProperty("Name").GetString() == $"orders-{service.ToLowerInvariant()}");
    }

    public Resource Definition { get; }

    public IEnumerable<JsonElement> Containers => Definition["ContainerDefinitions"].EnumerateArray();

    /// <summary>The service's own.</summary>
    public JsonElement Container { get; }

    public string Image => TemplateJson.Text(Container.GetProperty(nameof(Image)));

    public Dictionary<string, string> Environment => Pairs("Environment", "Value");

    /// <summary>The secret's name in the template and, after a colon, its field.</summary>
    public Dictionary<string, string> Secrets => Pairs("Secrets", "ValueFrom");

    /// <summary>What the task itself may do: each action with its resource.</summary>
    public IEnumerable<(string Action, string Resource)> Rights => RightsOf("TaskRoleArn");

    /// <summary>What starts the task may do.</summary>
    public IEnumerable<(string Action, string Resource)> StartRights => RightsOf("ExecutionRoleArn");

    private Dictionary<string, string> Pairs(string list, string value) => Container.GetProperty(list).EnumerateArray().ToDictionary(
        pair => pair.GetProperty("Name").GetString()!, pair => TemplateJson.Text(pair.GetProperty(value)), StringComparer.Ordinal);

    private IEnumerable<(string Action, string Resource)> RightsOf(string property)
    {
        var role = TemplateJson.Target(Definition[property]).ShouldNotBeNull();
        return Statement.All(_template).Where(statement => statement.IsHeldBy(role)).SelectMany(statement =>
            from action in statement.Actions from resource in statement.Resources select (action, resource));
    }
}
