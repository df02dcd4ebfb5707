using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

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

    public override IEnumerable<string> ValidateName(string name) => System.Net.IPAddress.TryParse(name, out var address) && address.ToString() == name ? [] : ["must be a valid IP address in canonical form, (e.g. 10.9.8.7 or 2001:db8::ffff)"];

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
