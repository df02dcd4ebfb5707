using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Reads what the files of a configMap, secret, downwardAPI or projected volume say.</summary>
internal sealed class PayloadReader(ReferencedObjects objects, DownwardApi downwardApi, ServiceAccountTokens tokens)
{
    // Upstream's default mode.
    private const int DefaultMode = 0x1A4;

    public async Task<IReadOnlyList<PayloadFile>> ReadAsync(V1Pod pod, V1Volume volume, CancellationToken cancellationToken)
    {
        switch (volume)
        {
            case { ConfigMap: { } map }:
                return await ConfigMapAsync(pod, volume, map.Name, map.Items, map.Optional, map.DefaultMode, cancellationToken);
            case { Secret: { } secret }:
                return await SecretAsync(pod, volume, secret.SecretName, secret.Items, secret.Optional, secret.DefaultMode, cancellationToken);
            case { DownwardAPI: { } downward }:
                return Downward(pod, volume, downward.Items, downward.DefaultMode);
            default:
                return await ProjectedAsync(pod, volume, volume.Projected ?? new V1ProjectedVolumeSource(), cancellationToken);
        }
    }

    /// <summary>Drops what is kept of a pod that is gone.</summary>
    public void Forget(V1Pod pod) => tokens.Forget(pod);

    private async Task<IReadOnlyList<PayloadFile>> ProjectedAsync(
        V1Pod pod, V1Volume volume, V1ProjectedVolumeSource projected, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, PayloadFile>();
        foreach (var source in projected.Sources ?? [])
        {
            var found = source switch
            {
                { ConfigMap: { } map } => await ConfigMapAsync(pod, volume, map.Name, map.Items, map.Optional, projected.DefaultMode, cancellationToken),
                { Secret: { } secret } => await SecretAsync(pod, volume, secret.Name, secret.Items, secret.Optional, projected.DefaultMode, cancellationToken),
                { DownwardAPI: { } downward } => Downward(pod, volume, downward.Items, projected.DefaultMode),
                { ServiceAccountToken: { } token } => [await TokenAsync(pod, volume, token, projected.DefaultMode, cancellationToken)],
                _ => [],
            };
            foreach (var file in found)
            {
                files[file.Path] = file;
            }
        }

        return [.. files.Values];
    }

    private async Task<PayloadFile> TokenAsync(
        V1Pod pod, V1Volume volume, V1ServiceAccountTokenProjection projection, int? mode, CancellationToken cancellationToken)
    {
        try
        {
            var token = await tokens.GetAsync(pod, projection, cancellationToken);
            return new PayloadFile(Checked(volume, projection.Path), System.Text.Encoding.ASCII.GetBytes(token), TokenMode(pod, mode)) { Owner = OwnerOf(pod) };
        }
        catch (StatusException exception)
        {
            throw Failure(volume, $"failed to fetch token: {exception.Message}");
        }
    }

    // As upstream: where the volume has a group, or all containers run as one user, nobody else needs to read the token.
    private static UnixFileMode TokenMode(V1Pod pod, int? mode) =>
        OwnerOf(pod) is not null || pod.Spec?.SecurityContext?.FsGroup is not null ? UnixFileMode.UserRead | UnixFileMode.UserWrite : Mode(null, mode);

    /// <summary>The user that all containers run as, when there is just one.</summary>
    private static long? OwnerOf(V1Pod pod)
    {
        var common = pod.Spec?.SecurityContext?.RunAsUser;
        var users = (pod.Spec?.InitContainers ?? []).Concat(pod.Spec?.Containers ?? []).Select(container => container.SecurityContext?.RunAsUser ?? common).Distinct().ToList();
        return users is [{ } only] ? only : null;
    }

    private async Task<IReadOnlyList<PayloadFile>> ConfigMapAsync(
        V1Pod pod, V1Volume volume, string? name, IList<V1KeyToPath>? items, bool? optional, int? mode, CancellationToken cancellationToken)
    {
        var map = await objects.FindAsync<V1ConfigMap>(pod.Namespace(), name ?? "", cancellationToken);
        if (map is null && optional != true)
        {
            throw Failure(volume, $"configmap \"{name}\" not found");
        }

        var data = (map?.Data ?? new Dictionary<string, string>()).ToDictionary(entry => entry.Key, entry => System.Text.Encoding.UTF8.GetBytes(entry.Value ?? ""));
        foreach (var (key, value) in map?.BinaryData ?? new Dictionary<string, byte[]>())
        {
            data[key] = value;
        }

        return Select(volume, data, items, optional == true, mode);
    }

    private async Task<IReadOnlyList<PayloadFile>> SecretAsync(
        V1Pod pod, V1Volume volume, string? name, IList<V1KeyToPath>? items, bool? optional, int? mode, CancellationToken cancellationToken)
    {
        var secret = await objects.FindAsync<V1Secret>(pod.Namespace(), name ?? "", cancellationToken);
        return secret is null && optional != true
            ? throw Failure(volume, $"secret \"{name}\" not found")
            : Select(volume, secret?.Data ?? new Dictionary<string, byte[]>(), items, optional == true, mode);
    }

    /// <summary>All keys, or the named ones at the named paths.</summary>
    private static List<PayloadFile> Select(
        V1Volume volume, IDictionary<string, byte[]> data, IList<V1KeyToPath>? items, bool optional, int? mode)
    {
        if (items is not { Count: > 0 })
        {
            return [.. data.Select(entry => new PayloadFile(entry.Key, entry.Value ?? [], Mode(null, mode)))];
        }

        var files = new List<PayloadFile>();
        foreach (var item in items)
        {
            if (data.TryGetValue(item.Key ?? "", out var content))
            {
                files.Add(new PayloadFile(Checked(volume, item.Path), content ?? [], Mode(item.Mode, mode)));
            }
            else if (!optional)
            {
                throw Failure(volume, $"references non-existent {(volume.Secret is not null ? "secret" : "config")} key: {item.Key}");
            }
        }

        return files;
    }

    private List<PayloadFile> Downward(V1Pod pod, V1Volume volume, IList<V1DownwardAPIVolumeFile>? items, int? mode) =>
    [
        .. (items ?? []).Select(item =>
        {
            var text = item.FieldRef is { } field
                ? downwardApi.Field(pod, field.FieldPath ?? "", "")
                : item.ResourceFieldRef is { } resource ? downwardApi.Resource(pod, null, resource) : null;
            return new PayloadFile(
                Checked(volume, item.Path),
                System.Text.Encoding.UTF8.GetBytes(text ?? throw Failure(volume, $"unsupported fieldPath: {item.FieldRef?.FieldPath}")),
                Mode(item.Mode, mode));
        }),
    ];

    // The server checked it; a file outside the volume must be impossible all the same.
    private static string Checked(V1Volume volume, string? path) =>
        path is { Length: > 0 } && path[0] != '/' && !path.Split('/').Contains("..") ? path : throw Failure(volume, $"invalid path: {path}");

    private static UnixFileMode Mode(int? own, int? common) => (UnixFileMode)((own ?? common ?? DefaultMode) & 0xFFF);

    private static VolumeException Failure(V1Volume volume, string message) =>
        new($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {message}");
}
