using System.Text;
using System.Text.RegularExpressions;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What containers on Windows say of their users and accounts (securityContext.windowsOptions), by Windows' rules for names.</summary>
internal static partial class WindowsChecks
{
    private const int CredentialKibibytes = 64;
    private const int DomainLength = 256;
    private const int UserLength = 104;

    public static void Validate(Field options)
    {
        if (!options.IsSet)
        {
            return;
        }

        var (name, spec, user) = (options["gmsaCredentialSpecName"], options["gmsaCredentialSpec"], options["runAsUserName"]);
        if (name.IsSet)
        {
            name.Name(Names.DnsSubdomain);
        }

        if (spec.IsSet)
        {
            Credential(spec);
        }

        if (user.IsSet)
        {
            Account(user);
        }
    }

    private static void Credential(Field spec)
    {
        if (spec.Text.Length == 0)
        {
            spec.Invalid("gmsaCredentialSpec cannot be an empty string");
        }
        else if (Encoding.UTF8.GetByteCount(spec.Text) > CredentialKibibytes * 1024)
        {
            spec.Invalid($"gmsaCredentialSpec size must be under {CredentialKibibytes} KiB");
        }
    }

    /// <summary>A user, or a domain and a user with a backslash between them.</summary>
    private static void Account(Field account)
    {
        var parts = account.Text.Split('\\');
        if (account.Text.Length == 0)
        {
            account.Invalid("runAsUserName cannot be an empty string");
        }
        else if (account.Text.Any(character => character is < ' ' or '\x7f'))
        {
            account.Invalid("runAsUserName cannot contain control characters");
        }
        else if (parts.Length > 2)
        {
            account.Invalid("runAsUserName cannot contain more than one backslash");
        }
        else
        {
            if (parts.Length == 2)
            {
                Domain(account, parts[0]);
            }

            User(account, parts[^1]);
        }
    }

    private static void Domain(Field account, string domain)
    {
        if (Encoding.UTF8.GetByteCount(domain) >= DomainLength)
        {
            account.Invalid($"runAsUserName's Domain length must be under {DomainLength} characters");
        }

        if (!NetBiosName().IsMatch(domain) && !DnsName().IsMatch(domain))
        {
            account.Invalid("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
    }

    private static void User(Field account, string user)
    {
        if (user.Length == 0)
        {
            account.Invalid("runAsUserName's User cannot be empty");
        }
        else if (Encoding.UTF8.GetByteCount(user) > UserLength)
        {
            account.Invalid($"runAsUserName's User length must not be longer than {UserLength} characters");
        }

        if (user.Length > 0 && user.All(character => character is '.' or ' '))
        {
            account.Invalid("runAsUserName's User cannot contain only periods or spaces");
        }

        if (user.IndexOfAny([.. "\"/\\:;|=,+*?<>@[]"]) >= 0)
        {
            account.Invalid("""runAsUserName's User cannot contain the following characters: "/\:;|=,+*?<>@[]""");
        }
    }

    [GeneratedRegex(@"^[^\\/:*?""<>|.][^\\/:*?""<>|]{0,14}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NetBiosName();

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex DnsName();
}
