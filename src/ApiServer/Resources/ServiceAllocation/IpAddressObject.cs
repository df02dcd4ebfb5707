using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>The object that stands for a taken address, as upstream's allocator makes it.</summary>
internal static class IpAddressObject
{
    private static readonly GroupVersionKind Kind = new("networking.k8s.io", "v1", "IPAddress");

    /// <summary>Its stored bytes.</summary>
    public static byte[] Create(string address, JsonObject service, DateTimeOffset now)
    {
        var metadata = new JsonObject
        {
            ["name"] = address,
            ["uid"] = Guid.NewGuid().ToString(),
            ["creationTimestamp"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["labels"] = new JsonObject
            {
                ["ipaddress.kubernetes.io/ip-family"] = address.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4",
                ["ipaddress.kubernetes.io/managed-by"] = "ipallocator.k8s.io",
            },
        };
        var parent = new JsonObject
        {
            ["group"] = "",
            ["resource"] = "services",
            ["namespace"] = service.StringAt("metadata", "namespace"),
            ["name"] = service.StringAt("metadata", "name"),
        };
        var obj = new JsonObject
        {
            ["kind"] = Kind.Kind,
            ["apiVersion"] = Kind.ApiVersion,
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["parentRef"] = parent },
        };
        return JsonCodec.Write(obj, TypeGraph.BuiltIn.Find(Kind));
    }
}
