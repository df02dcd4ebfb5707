using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Networking;

internal sealed class IPAddressStrategy : ResourceStrategy<V1IPAddress>
{
    public override IReadOnlyList<string> ShortNames => ["ip"];

    public override bool NamespaceScoped => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("ParentRef", Parent) with { DescribedBy = "spec.parentRef" },
    ];

    public override IEnumerable<string> ValidateName(string name) => ServiceNetworkChecks.AddressName(name);

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, address => ServiceNetworkChecks.Parent(address["spec"]["parentRef"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, address => address["spec"]["parentRef"].Unchanged(old.At("spec", "parentRef")));

    private static string Parent(JsonObject obj)
    {
        if (obj.ObjectAt("spec", "parentRef") is not { } parent)
        {
            return Cell.None;
        }

        var group = parent.StringAt("group") is { Length: > 0 } name ? "." + name : "";
        var space = parent.StringAt("namespace") is { Length: > 0 } ns ? $"/{ns}" : "";
        return $"{$"{parent.StringAt("resource")}{group}".ToLowerInvariant()}{space}/{parent.StringAt("name")}";
    }
}
