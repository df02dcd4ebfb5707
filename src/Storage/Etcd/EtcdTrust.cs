namespace MiniKube.Storage.Etcd;

/// <summary>What is thought of a member, best first.</summary>
internal enum EtcdTrust
{
    Well,

    /// <summary>It answers, but with a refusal: it has no leader, say.</summary>
    Refuses,

    /// <summary>No answer, or no connection.</summary>
    Silent,
}
