using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.ApiRegistration;

internal sealed class APIServiceStrategy : ResourceStrategy<V1APIService>
{
    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool HasGeneration => false;

    // v1. of the core group is no subdomain.
    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Service", Service, description: "The reference to the service that hosts this API endpoint."),
        Cell.Text("Available", Available, description: "Whether this service is available."),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.ObjectAt("spec", "service") is { } service)
        {
            service.SetDefault("port", 443);
        }
    }

    // What this server serves is there. What another is to serve is kept, and said not to be reachable: nothing is forwarded to it.
    public override void PrepareForCreate(JsonObject obj) => SetAvailable(obj);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        if (!JsonNode.DeepEquals(obj.At("spec", "service"), old.At("spec", "service")))
        {
            SetAvailable(obj);
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, ApiServiceChecks.Validate);

    private static void SetAvailable(JsonObject obj)
    {
        var (status, reason, message) = obj.At("spec", "service") is null
            ? ("True", "Local", "Local APIServices are always available")
            : ("False", "AggregationNotSupported", "this server does not forward requests to other API servers");
        obj["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Available",
                ["status"] = status,
                ["lastTransitionTime"] = obj.StringAt("metadata", "creationTimestamp"),
                ["reason"] = reason,
                ["message"] = message,
            }),
        };
    }

    private static string Service(JsonObject obj) => obj.ObjectAt("spec", "service") is { } service
        ? $"{service.StringAt("namespace")}/{service.StringAt("name")}"
        : "Local";

    private static string Available(JsonObject obj)
    {
        var condition = obj.ObjectsAt("status", "conditions").FirstOrDefault(condition => condition.StringAt("type") == "Available");
        return condition?.StringAt("status") switch
        {
            "True" => "True",
            { } status => $"{status} ({condition.StringAt("reason")})",
            null => "Unknown",
        };
    }
}
