namespace MiniKube.Kubelet.Volumes;

/// <summary>The kubelet's folder: --root-dir.</summary>
internal sealed record NodeDirectory(string Path);
