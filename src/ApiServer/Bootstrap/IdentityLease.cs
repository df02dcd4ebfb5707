using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>
/// The Lease <c>kube-system/apiserver-HASH</c> by which a server says that it lives (KEP-1965): valid for an hour, renewed at every round of the bootstrap. The
/// hash is of the host's name, so that a server that starts again takes the Lease that it had. Leases of servers that are gone are collected.
/// </summary>
internal sealed class IdentityLease(SystemWriter writer, string hostName, TimeProvider clock)
{
    private const int DurationSeconds = 3600;
    private const string Group = "coordination.k8s.io";
    private const string Resource = "leases";
    private const string Namespace = "kube-system";
    private const string IdentityLabel = "apiserver.kubernetes.io/identity";
    private const string Identity = "kube-apiserver";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly string _name = NameOf(hostName);
    private readonly string _holder = $"{NameOf(hostName)}_{Guid.NewGuid()}";

    public Task RenewAsync(CancellationToken cancellationToken) => writer.ApplyAsync(
        Group,
        Resource,
        Namespace,
        new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = _name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { [IdentityLabel] = Identity, ["kubernetes.io/hostname"] = hostName },
            },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = _holder,
                ["leaseDurationSeconds"] = DurationSeconds,
                ["renewTime"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            },
        },
        cancellationToken);

    /// <summary>Deletes the Leases of servers that have not renewed them in time. Without a time of renewal or a duration nobody knows when that is: they stay.</summary>
    public async Task CollectExpiredAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var lease in writer.List(Group, Resource, Namespace))
        {
            if (lease.StringAt("metadata", "labels", IdentityLabel) != Identity
                || !DateTimeOffset.TryParse(lease.StringAt("spec", "renewTime"), CultureInfo.InvariantCulture, out var renewed)
                || lease.IntegerAt("spec", "leaseDurationSeconds") is not { } seconds
                || renewed.AddSeconds(seconds) >= now)
            {
                continue;
            }

            try
            {
                // Only the version that was seen: its server may have come back.
                await writer.DeleteAsync(
                    Group,
                    Resource,
                    Namespace,
                    lease.StringAt("metadata", "name") ?? "",
                    new DeleteOptions { ResourceVersion = lease.StringAt("metadata", "resourceVersion") },
                    cancellationToken);
            }
            catch (StatusException error) when (error.Code is 404 or 409)
            {
                // Another server was faster, or the lease was renewed.
                continue;
            }
        }
    }

    /// <summary>The first half of the name's SHA-256 in base 32, as upstream has it.</summary>
    public static string NameOf(string hostName)
    {
        const int Half = 16;
        var name = new StringBuilder("apiserver-");
        var (bits, count) = (0, 0);
        foreach (var value in SHA256.HashData(Encoding.UTF8.GetBytes(hostName)).AsSpan(0, Half))
        {
            (bits, count) = ((bits << 8) | value, count + 8);
            for (; count >= 5; count -= 5)
            {
                name.Append(Alphabet[(bits >> (count - 5)) & 31]);
            }
        }

        return name.Append(Alphabet[(bits << (5 - count)) & 31]).ToString();
    }
}
