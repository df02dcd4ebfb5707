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
        Cell.Text("ParentRef", Parent),
    ];

    public override IEnumerable<string> ValidateName(string name) => System.Net.IPAddress.TryParse(name, out var address) && address.ToString() == name ? [] : ["must be a valid IP address in canonical form, (e.g. 10.9.8.7 or 2001:db8::ffff)"];

    private static string Parent(JsonObject obj)
    {
        var parent = obj.ObjectAt("spec", "parentRef");
        string?[] parts = [parent.StringAt("group"), parent.StringAt("resource"), parent.StringAt("namespace"), parent.StringAt("name")];
        return string.Join('/', parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
