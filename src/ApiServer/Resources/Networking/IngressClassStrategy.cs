using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Networking;

internal sealed class IngressClassStrategy : ResourceStrategy<V1IngressClass>
{
    public override bool NamespaceScoped => false;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Controller", "spec.controller") with { Description = "Controller that is responsible for handling this class" },
        Cell.Text("Parameters", Parameters, description: "A reference to a resource with additional parameters"),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj) => obj.ObjectAt("spec", "parameters")?.SetDefault("scope", "Cluster");

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, item => IngressClassChecks.Spec(item["spec"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(
        obj, item => item["spec"]["controller"].Unchanged(old.At("spec", "controller")), item => IngressClassChecks.Spec(item["spec"]));

    private static string Parameters(JsonObject obj)
    {
        if (obj.ObjectAt("spec", "parameters") is not { } parameters)
        {
            return Cell.None;
        }

        var group = parameters.StringAt("apiGroup") is { Length: > 0 } name ? "." + name : "";
        return $"{parameters.StringAt("kind")}{group}/{parameters.StringAt("name")}";
    }
}
