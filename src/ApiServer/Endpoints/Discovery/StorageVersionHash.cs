using System.Security.Cryptography;
using System.Text;

using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Endpoints.Discovery;

/// <summary>Tells clients whether the stored form of a resource has changed: the first bytes of a hash of group, version and kind, as upstream makes it.</summary>
internal static class StorageVersionHash
{
    private const int Bytes = 8;

    public static string Of(GroupVersionKind stored) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{stored.Group}/{stored.Version}/{stored.Kind}"))[..Bytes]);
}
