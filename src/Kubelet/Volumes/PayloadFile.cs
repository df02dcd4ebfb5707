namespace MiniKube.Kubelet.Volumes;

/// <summary>One file of a volume that is made of objects: its path inside the volume, what is in it, its mode.</summary>
internal sealed record PayloadFile(string Path, byte[] Content, UnixFileMode Mode)
{
    /// <summary>The user that the file belongs to; null leaves it the kubelet's.</summary>
    public long? Owner { get; init; }
}
