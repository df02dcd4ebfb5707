namespace MiniKube.Kubelet.Runtime;

/// <summary>The images of a node.</summary>
internal interface IImageService
{
    /// <summary>An image by name, digest or id; null when it is not there.</summary>
    Task<ImageInfo?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Tries each of the credentials, then none; the last failure is thrown as a <see cref="ContainerRuntimeException"/>.</summary>
    Task<ImageInfo> PullAsync(string name, IReadOnlyList<RegistryCredential> credentials, CancellationToken cancellationToken);

    Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancellationToken);
}
