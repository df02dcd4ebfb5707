namespace MiniKube.Kubelet.Runtime;

/// <summary>An image on the node. Names are its tags and digests, Size is in bytes, User is what the image says it runs as.</summary>
internal sealed record ImageInfo(string Id, string Reference, IReadOnlyList<string> Names, long Size, string User = "");
