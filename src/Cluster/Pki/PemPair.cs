namespace MiniKube.Cluster.Pki;

/// <summary>A certificate and its private key, both as PEM text.</summary>
public sealed record PemPair(string Certificate, string Key);
