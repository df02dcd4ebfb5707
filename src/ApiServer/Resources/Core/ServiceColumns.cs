using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>What tables show of a service.</summary>
internal static class ServiceColumns
{
    private const string Pending = "<pending>";

    public static string ExternalAddress(JsonObject obj)
    {
        var external = string.Join(',', (obj.At("spec", "externalIPs") as JsonArray ?? []).Select(FieldPath.Text));
        switch (obj.StringAt("spec", "type"))
        {
            case "LoadBalancer":
                var balanced = LoadBalancerText.Of(obj);
                return string.Join(',', new[] { balanced, external }.Where(text => text.Length > 0)) is { Length: > 0 } both ? both : Pending;
            case "ExternalName":
                return obj.StringAt("spec", "externalName") ?? "";
            default:
                return external.Length > 0 ? external : Cell.None;
        }
    }

    public static string Ports(JsonObject obj) => string.Join(',', obj.ObjectsAt("spec", "ports").Select(Port)) is { Length: > 0 } ports ? ports : Cell.None;

    private static string Port(JsonObject port)
    {
        var node = port.IntegerAt("nodePort") is { } number and > 0 ? $":{number}" : "";
        return $"{port.IntegerAt("port")}{node}/{port.StringAt("protocol")}";
    }
}
