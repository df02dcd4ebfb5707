using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Faults.Tests.Checking;

namespace MiniKube.Faults.Tests.Rig;

/// <summary>Reads what <c>etcdctl watch -w json</c> prints of the ConfigMaps of a namespace, line by line from their first change on.</summary>
internal sealed class StoreChanges(string @namespace)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string Prefix { get; } = $"/registry/configmaps/{@namespace}/";

    public IReadOnlyList<ObjectEvent> Read(string line) =>
        line.StartsWith('{') && JsonNode.Parse(line)?["Events"] is JsonArray events ? [.. events.Select(change => Convert(change!))] : [];

    // etcd leaves out a type that is 0 (put).
    private ObjectEvent Convert(JsonNode change)
    {
        var kv = change["kv"]!;
        var name = Text(kv["key"]!)[Prefix.Length..];
        var version = kv["mod_revision"]!.GetValue<long>();
        if (change["type"]?.GetValue<int>() == 1)
        {
            _values.Remove(name, out var last);
            return new ObjectEvent("DELETED", name, version, last ?? "");
        }

        var value = JsonNode.Parse(Text(kv["value"]!))!["data"]?["v"]?.GetValue<string>() ?? "";
        _values[name] = value;
        return new ObjectEvent(kv["create_revision"]!.GetValue<long>() == version ? "ADDED" : "MODIFIED", name, version, value);
    }

    private static string Text(JsonNode base64) => Encoding.UTF8.GetString(System.Convert.FromBase64String(base64.GetValue<string>()));
}
