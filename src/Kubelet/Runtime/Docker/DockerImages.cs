using Docker.DotNet.Models;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>The engine's images.</summary>
internal sealed class DockerImages(DockerConnection docker) : IImageService
{
    public async Task<ImageInfo?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var image = await docker.AskAsync((client, token) => client.Images.InspectImageAsync(name, token), cancellationToken);
            return new ImageInfo(image.ID, Reference(image.ID, image.RepoDigests), [.. image.RepoTags ?? []], image.Size, image.Config?.User ?? "");
        }
        catch (ContainerRuntimeException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    public async Task<ImageInfo> PullAsync(string name, IReadOnlyList<RegistryCredential> credentials, CancellationToken cancellationToken)
    {
        ContainerRuntimeException? last = null;
        foreach (var credential in credentials.Select(Login).Append(new AuthConfig()))
        {
            try
            {
                await PullAsync(name, credential, cancellationToken);
                return await FindAsync(name, cancellationToken) ?? throw new ContainerRuntimeException($"image {name} is not there after it was pulled");
            }
            catch (ContainerRuntimeException exception)
            {
                last = exception;
            }
        }

        throw last ?? new ContainerRuntimeException($"image {name} could not be pulled");
    }

    public async Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var images = await docker.AskAsync((client, token) => client.Images.ListImagesAsync(new ImagesListParameters(), token), cancellationToken);
        return
        [
            .. images.Select(image => new ImageInfo(image.ID, Reference(image.ID, image.RepoDigests), Names(image), image.Size)).Where(image => image.Names.Count > 0),
        ];
    }

    private async Task PullAsync(string name, AuthConfig credential, CancellationToken cancellationToken)
    {
        var messages = new PullMessages();
        await docker.StreamAsync(client => client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = name }, credential, messages, cancellationToken));
        if (messages.Error is { } error)
        {
            throw new ContainerRuntimeException($"Error response from daemon: {error}");
        }
    }

    private static AuthConfig Login(RegistryCredential credential) =>
        new() { ServerAddress = credential.Server, Username = credential.UserName, Password = credential.Password };

    private static string Reference(string id, IList<string>? digests) =>
        digests is { Count: > 0 } ? $"docker-pullable://{digests[0]}" : $"docker://{id}";

    private static List<string> Names(ImagesListResponse image) =>
        [.. (image.RepoDigests ?? []).Concat(image.RepoTags ?? []).Where(name => !name.StartsWith("<none>", StringComparison.Ordinal))];

    private sealed class PullMessages : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value) => Error = value.Error?.Message ?? Error;
    }
}
