using System.CommandLine;
using System.Globalization;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Shell;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary>
/// <c>mk certs check|renew</c>: when the cluster's certificates end, and new ones in the place of all but the authorities. What kubelets get by joining they renew by themselves.
/// </summary>
internal static class CertsCommand
{
    private const string Folder = "/etc/kubernetes";

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("certs", "Show when certificates end, or renew them.");
        command.Subcommands.Add(Create("check", "Show when each certificate ends. The exit code is 1 if one has.", (paths, hosts) => Check(paths, hosts, console, clock), clock));
        command.Subcommands.Add(Create("renew", "Replace every certificate but the authorities' by a new one with a new key.", (paths, hosts) => Renew(paths, hosts, console, clock), clock));
        return command;
    }

    private static Command Create(string verb, string description, Func<ClusterPaths, IReadOnlyList<Host>, int> action, TimeProvider clock)
    {
        var command = new Command(verb, description);
        var name = new NameOption();
        command.Options.Add(name);
        command.SetAction(result =>
        {
            Privileges.RequireRoot($"certs {verb}");
            var paths = name.Paths(result);
            var folder = Path.Combine(paths.Folder, "hosts");
            var hosts = Directory.Exists(folder)
                ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(host => new Host(paths, Path.GetFileName(host), clock))
                : throw new ClusterException($"There is no cluster {paths.Name}. Make it with: mk up --name {paths.Name}");
            return action(paths, [.. hosts]);
        });
        return command;
    }

    private static int Check(ClusterPaths paths, IReadOnlyList<Host> hosts, IAnsiConsole console, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var all = IssuedCertificate.FindAll("-", "", paths.Pki).Concat(Issued(paths, hosts)).ToList();
        var table = new Table().Border(TableBorder.None).AddColumns("HOST", "CERTIFICATE", "EXPIRES", "RESIDUAL TIME", "AUTHORITY");
        foreach (var certificate in all)
        {
            var left = certificate.End - now;
            table.AddRow(
                certificate.Host,
                Markup.Escape(certificate.Path),
                certificate.End.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                left > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalDays}d") : "[red]ended[/]",
                Markup.Escape(certificate.IsAuthority ? "" : certificate.Issuer));
        }

        console.Write(table);
        return all.TrueForAll(certificate => certificate.End > now) ? 0 : 1;
    }

    private static int Renew(ClusterPaths paths, IReadOnlyList<Host> hosts, IAnsiConsole console, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var authorities = IssuedCertificate.FindAll("-", "", paths.Pki)
            .Where(certificate => certificate.IsAuthority && File.Exists(Path.ChangeExtension(certificate.File, ".key")))
            .ToDictionary(
                certificate => certificate.Issuer,
                certificate => new CertificateAuthority(new PemPair(File.ReadAllText(certificate.File), File.ReadAllText(Path.ChangeExtension(certificate.File, ".key")))));
        var renewed = Issued(paths, hosts).Where(certificate => !certificate.IsAuthority).ToList();
        foreach (var certificate in renewed)
        {
            var authority = authorities.GetValueOrDefault(certificate.Issuer)
                ?? throw new ClusterException($"{certificate.File}: its authority {certificate.Issuer} is not in {paths.Pki}.");
            certificate.Renew(authority, now);
            console.MarkupLineInterpolated($"{certificate.Host} {certificate.Path} renewed");
        }

        var restart = renewed.Select(certificate => certificate.Host).Where(host => host != "-").Distinct().ToList();
        console.MarkupLineInterpolated($"Processes read them when they start. Restart, one host after the other: {string.Join(", ", restart)}");
        return 0;
    }

    // A host that is up is asked through its own eyes: what is written below its /etc it would not see.
    private static IEnumerable<IssuedCertificate> Issued(ClusterPaths paths, IReadOnlyList<Host> hosts)
    {
        foreach (var host in hosts)
        {
            var root = host.ProcessId is null ? host.Folder.Path : host.Root;
            foreach (var certificate in IssuedCertificate.FindAll(host.Name, root, Folder))
            {
                yield return certificate;
            }
        }

        if (File.Exists(paths.Kubeconfig) && IssuedCertificate.Read("-", paths.Kubeconfig, paths.Kubeconfig) is { } user)
        {
            yield return user;
        }
    }
}
