namespace MiniKube.Overlay.Subnets;

/// <summary>Which subnet a node that has none takes.</summary>
internal static class SubnetChoice
{
    // Flannel's number: a choice among so many makes it unlikely that two nodes want the same.
    private const int Candidates = 100;

    /// <param name="config">The ranges.</param>
    /// <param name="taken">All leases; one that does not fit the ranges counts too.</param>
    /// <param name="previous">What the node had before, if that is known: it is preferred.</param>
    /// <param name="random">Chooses among those that are free.</param>
    /// <exception cref="ConfigException">All are taken.</exception>
    public static Subnet Choose(NetworkConfig config, IReadOnlyCollection<Subnet> taken, Subnet? previous, Random random)
    {
        bool IsFree(Subnet subnet) => !taken.Any(subnet.Overlaps);
        if (previous is { } before && config.Offers(before) && IsFree(before))
        {
            return before;
        }

        var free = new List<Subnet>();
        var candidate = new Subnet(config.SubnetMin, config.SubnetLength);
        var left = ((config.SubnetMax - config.SubnetMin) / candidate.Size) + 1;
        for (; left > 0 && free.Count < Candidates; left--, candidate = candidate.Next)
        {
            if (IsFree(candidate))
            {
                free.Add(candidate);
            }
        }

        return free.Count > 0 ? free[random.Next(free.Count)] : throw new ConfigException("out of subnets");
    }
}
