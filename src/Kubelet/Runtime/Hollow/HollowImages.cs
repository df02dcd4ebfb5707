using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>Has every image, once it was asked for.</summary>
internal sealed class HollowImages : IImageService
{
    private readonly ConcurrentDictionary<string, ImageInfo> _images = [];

    public Task<ImageInfo?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult<ImageInfo?>(Get(name));

    public Task<ImageInfo> PullAsync(string name, IReadOnlyList<RegistryCredential> credentials, CancellationToken cancellationToken) =>
        Task.FromResult(Get(name));

    public Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ImageInfo>>([.. _images.Values]);

    private ImageInfo Get(string name) => _images.GetOrAdd(name, key =>
    {
        var id = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
        return new ImageInfo(id, $"hollow://{id}", [key], 0);
    });
}
