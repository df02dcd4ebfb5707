namespace MiniKube.Cluster;

/// <summary>Something that the user of <c>mk</c> must know and can act on: the message is all that is shown.</summary>
public sealed class ClusterException : Exception
{
    public ClusterException()
    {
    }

    public ClusterException(string message)
        : base(message)
    {
    }

    public ClusterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
