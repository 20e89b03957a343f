/** The passwords of at least ten characters that are tried first, here and elsewhere; in lower case, without what people put around them. */
const common = `1234567890 12345678910 0123456789 0987654321 1111111111 0000000000 123456789a a123456789 1q2w3e4r5t 1qaz2wsx3edc
qwertyuiop qwerty1234 qwerty12345 qwerty123456 q1w2e3r4t5 zaq12wsxcde asdfghjkl1 asdfghjkl; 1234qwerasdf qazwsxedcr
password12 password123 password1234 password12345 password123456 passw0rd123 p@ssw0rd123 p@ssword123 mypassword admin12345 admin123456
administrator letmein123 welcome123 welcome1234 iloveyou12 iloveyou123 changeme123 superman123 football12 football123 princess12 princess123
sunshine123 abcdefghij abcdefghijk abcd123456 abc1234567 abc123456789 aa12345678 a1234567890 1234567891 9876543210 1122334455
1212121212 1231231231 123123123123 1029384756 147258369a 7777777777 8888888888 9999999999 5555555555 6666666666
indonesia1 indonesia12 indonesia123 indonesia1945 merdeka1945 merdeka123 jakarta123 bandung123 surabaya123 sayangku123 sayangkamu
akusayangkamu bismillah1 bismillah12 bismillah123 alhamdulillah assalamualaikum garuda1945 pancasila1 pancasila123 rahasia123 rahasia1234
katasandi1 katasandi123 terserah123 tokopedia1 tokopedia123 shopee12345 bukalapak123 pasar12345 belanja123 kucing12345 anakbaik123
cintaku123 persib1933 persija1928 samsung123 samsung1234 google12345 facebook123 instagram123 whatsapp123 dragon12345 monkey12345`

const known = new Set(common.split(/\s+/))

/** Whether a password is one of the commonest, also when it is one repeated character. */
export function isCommonPassword(password: string): boolean {
  const plain = password.toLowerCase()
  return known.has(plain) || known.has(plain.replace(/[!.?]+$/, '')) || new Set(plain).size === 1
}
